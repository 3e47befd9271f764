using System.Text.RegularExpressions;
using MnistLab.Hosting;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;
using MnistLab.Storage;

namespace MnistLab.Serving.Deployment;

/// <summary>
/// Manages the online services of one machine. Each service is a separate process, which outlives the process that
/// deployed it and is found by its name. The record of a service is stored in <c>folder/name/service.json</c>.
/// </summary>
/// <remarks>
/// Several processes may use the same folder concurrently; deployments of the same service are serialized.
/// </remarks>
public sealed partial class OnlineServices : IModelUsers
{
    /// <summary>The maximum time that a service may take to become ready.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly TimeProvider _time;

    /// <summary>
    /// Initializes a new instance of the <see cref="OnlineServices"/> class for a folder, which need not exist yet.
    /// </summary>
    /// <param name="servicesFolder">The folder, by convention <c>artifacts/services</c>.</param>
    /// <param name="time">The clock; null for the system clock.</param>
    public OnlineServices(string servicesFolder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(servicesFolder);
        (_folder, _time) = (Path.GetFullPath(servicesFolder), time ?? TimeProvider.System);
    }

    /// <summary>Gets the path of the program that is copied for each service.</summary>
    internal string Program { get; init; } = ServiceProgram.Path;

    /// <summary>Deploys one model version as a service with the default configuration.</summary>
    /// <inheritdoc cref="DeployAsync(string, ServiceConfiguration, IObjectStore, IProgress{DeploymentProgress}, CancellationToken)"/>
    public Task<OnlineService> DeployAsync(
        string name,
        RegisteredModel model,
        IObjectStore store,
        IProgress<DeploymentProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return DeployAsync(name, ServiceConfiguration.From(model), store, progress, cancellationToken);
    }

    /// <summary>
    /// Deploys a service and waits until it is ready. If the service is already running, the new models are loaded
    /// alongside the old ones and then replace them between two requests, at the same address and in the same process.
    /// Idempotent: deploying the same configuration again changes nothing. A service that crashes repeatedly, or that
    /// was deployed by another build of the platform, is replaced at the same address once its successor has loaded its
    /// models.
    /// </summary>
    /// <param name="name">The name of the service: 1–64 letters, digits, hyphens, and underscores.</param>
    /// <param name="configuration">The configuration to deploy.</param>
    /// <param name="store">The object store that contains the models.</param>
    /// <param name="progress">Receives each step; may be null.</param>
    /// <param name="cancellationToken">Cancels the deployment; a service that was running before keeps running.</param>
    /// <returns>The running service.</returns>
    /// <exception cref="DeploymentException">The name or configuration is invalid, a model is not published, or the
    /// service did not become ready. In the last case, its processes have been ended, and a service that was running
    /// before still runs with its previous configuration.</exception>
    /// <exception cref="ObjectStoreException">A package cannot be read.</exception>
    public async Task<OnlineService> DeployAsync(
        string name,
        ServiceConfiguration configuration,
        IObjectStore store,
        IProgress<DeploymentProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(store);
        configuration.Validate();

        var folder = FolderOf(name);
        folder.Create();
        using var turn = await FileLock.AcquireAsync(folder.DeploymentLock, _time, cancellationToken);
        var previous = Current(folder, isMine: true);
        var before = previous is null ? null : folder.Instance(previous.Instance).FindSettings();
        configuration = configuration with { Access = configuration.Access ?? before?.Access };
        var deployment = new Deployment(folder, configuration, store, Program, _time, progress);
        ServiceRecord? record = null;
        // Another build of the program, other ports, or other access settings require a new process.
        if (previous?.Status.IsUp() == true && previous.Platform == ServiceProgram.Build
            && (configuration.Port ?? previous.Port) == previous.Port
            && configuration.GrpcPortAfter(before?.GrpcPort) == before?.GrpcPort
            && (configuration.Access ?? AccessSettings.Loopback) == (before?.Access ?? AccessSettings.Loopback))
        {
            await SuperviseAgainAsync(folder, previous, cancellationToken);
            record = await deployment.UpdateAsync(previous, cancellationToken);
        }

        record ??= await deployment.StartAsync(previous, before, cancellationToken);
        return new OnlineService(this, folder, record);
    }

    /// <summary>
    /// Starts a stopped or failed service with its last configuration. A running service is left unchanged, but is
    /// supervised again if its supervisor has ended.
    /// </summary>
    /// <param name="name">The name of the service.</param>
    /// <param name="models">The registry that contains the models.</param>
    /// <param name="progress">Receives each step; may be null.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The running service.</returns>
    /// <exception cref="DeploymentException">There is no service of that name, its model is no longer in the registry,
    /// or it did not become ready.</exception>
    /// <exception cref="ObjectStoreException">A package cannot be read.</exception>
    public async Task<OnlineService> StartAsync(
        string name,
        ModelRegistry models,
        IProgress<DeploymentProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        var service = await FindAsync(name, cancellationToken)
            ?? throw new DeploymentException($"There is no service '{name}' in {_folder}. Deploy it first.");
        if (service.Status.IsUp())
        {
            var folder = FolderOf(name);
            using var turn = await FileLock.AcquireAsync(folder.DeploymentLock, _time, cancellationToken);
            if (Current(folder, isMine: true) is { } record && record.Status.IsUp())
                await SuperviseAgainAsync(folder, record, cancellationToken);
            return await FindAsync(name, cancellationToken) ?? service;
        }

        var versions = new List<WeightedModel>();
        foreach (var deployed in service.Models)
        {
            var model = await models.GetAsync(deployed.Name, deployed.Version, cancellationToken);
            if (model is not { Status: ModelStatus.Published })
            {
                throw new DeploymentException(
                    $"The service '{name}' was deployed with {deployed.Name} {deployed.Version}, which no longer exists. "
                    + "Deploy it with another version.");
            }

            versions.Add(new WeightedModel(model, deployed.Weight));
        }

        var configuration = new ServiceConfiguration { Models = versions };
        return await DeployAsync(name, configuration, models.Store, progress, cancellationToken);
    }

    /// <summary>Finds a service by its name.</summary>
    /// <returns>The service, or null if no service was ever deployed under that name.</returns>
    /// <exception cref="DeploymentException">The name is invalid.</exception>
    public Task<OnlineService?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        cancellationToken.ThrowIfCancellationRequested();
        var folder = FolderOf(name);
        return Task.FromResult(Current(folder) is { } record ? new OnlineService(this, folder, record) : null);
    }

    /// <summary>
    /// Returns an error that describes why a name is invalid for a service; null if the name is valid.
    /// </summary>
    public static DeploymentException? FindProblemOfName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return AllowedName().IsMatch(name)
            ? null
            : new DeploymentException($"'{name}' is not a valid service name: use 1–64 letters, digits, hyphens, and underscores.")
            {
                Field = "Name",
            };
    }

    /// <summary>Returns a running service by its name.</summary>
    /// <exception cref="DeploymentException">There is no service of that name, or it is not running; the message says
    /// why, and what to do.</exception>
    public async Task<OnlineService> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        var service = await FindAsync(name, cancellationToken)
            ?? throw new DeploymentException($"There is no service '{name}' in {_folder}. Deploy it first.");
        return service.Status.IsUp()
            ? service
            : throw new DeploymentException($"The service is not running ({service}). Deploy it again.");
    }

    /// <summary>Returns every service that was ever deployed and not deleted, ordered by name.</summary>
    public async Task<IReadOnlyList<OnlineService>> ListAsync(CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(_folder)) return [];
        var services = new List<OnlineService>();
        var names = Directory.EnumerateDirectories(_folder).Select(folder => Path.GetFileName(folder));
        foreach (var name in names.Where(name => AllowedName().IsMatch(name)).Order(StringComparer.Ordinal))
        {
            if (await FindAsync(name, cancellationToken) is { } service) services.Add(service);
        }

        return services;
    }

    /// <summary>
    /// Stops a service and waits until it has ended; requests in flight are finished first. Does nothing if the service
    /// is not running.
    /// </summary>
    /// <returns>The stopped service.</returns>
    /// <exception cref="DeploymentException">There is no service of that name.</exception>
    public async Task<OnlineService> StopAsync(string name, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        var folder = FolderOf(name);
        if (Current(folder) is null) throw new DeploymentException($"There is no service '{name}' in {_folder}.");

        using var turn = await FileLock.AcquireAsync(folder.DeploymentLock, _time, cancellationToken);
        var record = Current(folder, isMine: true)
            ?? throw new DeploymentException($"There is no service '{name}' in {_folder}.");
        record = await StopAsync(folder, record, ServiceStatus.Stopping, cancellationToken);
        return new OnlineService(this, folder, record);
    }

    /// <summary>Deletes a service with its events, history, and logs; a running service is stopped first.</summary>
    /// <exception cref="DeploymentException">There is no service of that name.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        var folder = FolderOf(name);
        if (Current(folder) is null) throw new DeploymentException($"There is no service '{name}' in {_folder}.");
        using (await FileLock.AcquireAsync(folder.DeploymentLock, _time, cancellationToken))
        {
            if (Current(folder, isMine: true) is { } record)
                await StopAsync(folder, record, ServiceStatus.Deleting, cancellationToken);
            // The record is removed first, so that a partly deleted service is not listed.
            folder.RemoveRecord();
        }

        Directory.Delete(folder.Path, recursive: true);
    }

    /// <summary>
    /// Returns the names of the services that use a model version and are running, being deployed, or being stopped.
    /// </summary>
    /// <param name="model">The model version.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public async Task<IReadOnlyList<string>> UsersOfAsync(RegisteredModel model, CancellationToken cancellationToken = default)
    {
        var services = await ListAsync(cancellationToken);
        return
        [
            .. services.Where(service => service.Status.IsUp() || service.Status is ServiceStatus.Deploying or ServiceStatus.Stopping)
                .Where(service => service.Models.Any(deployed => deployed.Location == model.Location.ToString()))
                .Select(service => service.Name),
        ];
    }

    private static void CheckName(string name)
    {
        if (FindProblemOfName(name) is { } problem) throw problem;
    }

    private async Task<ServiceRecord> StopAsync(
        ServiceFolder folder,
        ServiceRecord record,
        ServiceStatus meanwhile,
        CancellationToken cancellationToken)
    {
        if (record.Status.IsUp()) folder.WriteRecord(record with { Status = meanwhile });
        // Stops every instance, since an interrupted deployment may have left one that is not in the record.
        foreach (var instance in folder.Instances().Select(folder.Instance))
        {
            await new RunningService(instance, _time).StopAsync(cancellationToken);
            instance.DeleteProgram();
        }

        if (!record.Status.IsUp()) return record;
        record = record with { Status = ServiceStatus.Stopped, Reason = null };
        folder.WriteRecord(record);
        return record;
    }

    private ServiceRecord? Current(ServiceFolder folder, bool isMine = false) => ServiceInspector.Inspect(folder, _time, isMine);

    /// <summary>Starts a new supervisor if the previous one has ended; it takes over the running process.</summary>
    private async Task SuperviseAgainAsync(ServiceFolder folder, ServiceRecord record, CancellationToken cancellationToken)
    {
        var instance = folder.Instance(record.Instance);
        if (instance.IsSupervised || !instance.IsAlive || !File.Exists(instance.Program)) return;
        using var supervisor = DetachedProcess.Start(instance.Program, ServiceProgram.Supervise, instance.Path);
        while (!supervisor.HasExited && instance.ReadSupervisor()?.ProcessId != supervisor.Id)
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, cancellationToken);
        folder.AddEvent(_time, "the supervisor was not running; a new one was started");
    }

    private ServiceFolder FolderOf(string name) => new(Path.Combine(_folder, name));

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex AllowedName();
}
