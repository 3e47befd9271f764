using System.Text.RegularExpressions;
using MnistLab.Data;

namespace MnistLab.Serving;

/// <summary>
/// The online services of one machine: each a process of its own that outlives whoever deployed it, found again by its name.
/// What is known of a service is in <c>folder/name/service.json</c>.
/// </summary>
/// <remarks>Any number of processes may use the same folder at once: deployments of one name take turns.</remarks>
public sealed partial class OnlineServices
{
    /// <summary>How long a service may take until it is ready.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly TimeProvider _time;

    /// <summary>Opens the services of a folder; it needs not exist yet.</summary>
    /// <param name="servicesFolder">The folder, by convention <c>artifacts/services</c>.</param>
    /// <param name="time">The clock; the system's if null.</param>
    public OnlineServices(string servicesFolder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(servicesFolder);
        (_folder, _time) = (Path.GetFullPath(servicesFolder), time ?? TimeProvider.System);
    }

    /// <summary>
    /// Deploys a model under a name and waits until the service is ready. If a service of that name runs another version, that one answers until the new one is ready,
    /// then it is stopped; if it runs this version, it is left as it is: deploying twice is deploying once.
    /// </summary>
    /// <param name="name">The service's name: 1–64 letters, digits, hyphens and underscores.</param>
    /// <param name="model">The model, published.</param>
    /// <param name="store">The store that the model is in.</param>
    /// <param name="progress">Told each step.</param>
    /// <param name="cancellationToken">Ends the deployment; a service that ran before still runs.</param>
    /// <returns>The service, running.</returns>
    /// <exception cref="DeploymentException">The service did not become ready; its process is gone, and a service that ran before still runs.</exception>
    /// <exception cref="ArgumentException">The name is not allowed, or the model is not published.</exception>
    /// <exception cref="ObjectStoreException">The package cannot be read.</exception>
    public async Task<OnlineService> DeployAsync(
        string name, RegisteredModel model, IObjectStore store, IProgress<DeploymentProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(store);
        if (model.Status != ModelStatus.Published) throw new ArgumentException($"{model.Name} {model.Version} is {model.Status.ToString().ToLowerInvariant()}; only a published model can be deployed.", nameof(model));

        var folder = FolderOf(name);
        folder.Create();
        using var turn = await FileLock.TakeAsync(folder.DeploymentLock, _time, cancellationToken);
        var previous = Current(folder);
        if (previous is { Status: ServiceStatus.Running, Url: { } url } && previous.Model == model.Name && previous.Version == model.Version && previous.Platform == Platform
            && await RunningService.IsReadyAsync(url, cancellationToken))
        {
            progress?.Report(new DeploymentProgress(100, $"{name} runs already"));
            return Describe(name, folder, previous);
        }

        var deployment = new Deployment(folder, name, model, Platform, _time, progress);
        var record = await deployment.RunAsync(store, previous, cancellationToken);
        return Describe(name, folder, record);
    }

    /// <summary>Looks a service up by its name.</summary>
    /// <returns>The service, or null if none was ever deployed under that name.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public Task<OnlineService?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        cancellationToken.ThrowIfCancellationRequested();
        var folder = FolderOf(name);
        return Task.FromResult(Current(folder) is { } record ? Describe(name, folder, record) : null);
    }

    /// <summary>The service of a name, running.</summary>
    /// <exception cref="DeploymentException">There is none, or it does not run; the message says why, and what to do.</exception>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public async Task<OnlineService> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        var service = await FindAsync(name, cancellationToken) ?? throw new DeploymentException($"There is no service '{name}' in {_folder}. Deploy it first.");
        return service.Status == ServiceStatus.Running ? service : throw new DeploymentException($"The service does not run ({service}). Deploy it again.");
    }

    /// <summary>Every service that was ever deployed, by name.</summary>
    public async Task<IReadOnlyList<OnlineService>> ListAsync(CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(_folder)) return [];
        var services = new List<OnlineService>();
        foreach (var name in Directory.EnumerateDirectories(_folder).Select(folder => Path.GetFileName(folder)).Where(name => AllowedName().IsMatch(name)).Order(StringComparer.Ordinal))
        {
            if (await FindAsync(name, cancellationToken) is { } service) services.Add(service);
        }

        return services;
    }

    /// <summary>Stops a service and waits until it has ended; requests under way are finished first. One that does not run stays as it is.</summary>
    /// <returns>The service, stopped.</returns>
    /// <exception cref="DeploymentException">There is no service of that name.</exception>
    public async Task<OnlineService> StopAsync(string name, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        var folder = FolderOf(name);
        if (folder.ReadRecord() is null) throw new DeploymentException($"There is no service '{name}' in {_folder}.");

        using var turn = await FileLock.TakeAsync(folder.DeploymentLock, _time, cancellationToken);
        var record = Current(folder) ?? throw new DeploymentException($"There is no service '{name}' in {_folder}.");
        if (record.Status == ServiceStatus.Running)
        {
            await new RunningService(folder.Run(record.Run), _time).StopAsync(cancellationToken);
            record = record with { Status = ServiceStatus.Stopped, Url = null, ProcessId = null, ProcessStarted = null };
            folder.WriteRecord(record);
        }

        return Describe(name, folder, record);
    }

    // A rebuilt service is another service.
    private static string Platform => typeof(OnlineServices).Module.ModuleVersionId.ToString("N");

    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!AllowedName().IsMatch(name)) throw new ArgumentException($"'{name}' is not a service's name: use 1–64 letters, digits, hyphens and underscores.", nameof(name));
    }

    /// <summary>The record, corrected by what has become of the process since it was written.</summary>
    private static ServiceRecord? Current(ServiceFolder folder)
    {
        if (folder.ReadRecord() is not { } record) return null;
        if (record.Status == ServiceStatus.Running && !folder.Run(record.Run).IsAlive)
            return Ended(record, $"The service ended by itself.{Environment.NewLine}{folder.Run(record.Run).ReadLogEnd()}");
        if (record.Status == ServiceStatus.Deploying && !FileLock.IsTaken(folder.DeploymentLock))
            return Ended(record, "Its deployment was interrupted. Deploy it again.");
        return record;
    }

    private static ServiceRecord Ended(ServiceRecord record, string reason) =>
        record with { Status = ServiceStatus.Failed, Reason = reason.TrimEnd(), Url = null, ProcessId = null, ProcessStarted = null };

    private ServiceFolder FolderOf(string name) => new(Path.Combine(_folder, name));

    private OnlineService Describe(string name, ServiceFolder folder, ServiceRecord record) => new(this, name, record, folder.Run(record.Run).Log);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex AllowedName();
}
