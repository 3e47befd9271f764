using System.Net;
using System.Security.Cryptography;
using MnistLab.Data;
using MnistLab.UserCode;

namespace MnistLab.Serving;

/// <summary>One deployment, done by the one who holds the service's deployment lock.</summary>
internal sealed class Deployment(ServiceFolder folder, ServiceConfiguration configuration, string platform, TimeProvider time, IProgress<DeploymentProgress>? progress)
{
    private const int MostPorts = 3;
    private static readonly string PackageName = RegisteredModel.PackagePrefix.TrimEnd('/');

    private readonly IReadOnlyList<DeployedModel> _models = [.. configuration.Models.Select(item => new DeployedModel(item.Model.Name, item.Model.Version, item.Weight, item.Model.Location.ToString()))];
    private ServiceRecord? _record;

    /// <summary>Starts the service anew, waits until it is ready, and ends what ran before.</summary>
    /// <returns>The new record, written.</returns>
    /// <exception cref="DeploymentException">It did not become ready; its processes are gone, and what ran before still runs.</exception>
    public async Task<ServiceRecord> StartAsync(IObjectStore store, ServiceRecord? previous, CancellationToken cancellationToken)
    {
        var predecessor = previous?.Status.IsUp() == true ? previous : null;
        // Two cannot listen on one port: then the old one ends first.
        if (predecessor is not null && configuration.Port == predecessor.Port) predecessor = null;
        await ClearAsync(predecessor?.Instance, cancellationToken);

        var record = new ServiceRecord(ServiceStatus.Deploying, _models, folder.CreateInstance(time.GetUtcNow()), platform, time.GetUtcNow(), previous?.Port, configuration.Access?.Address);
        _record = predecessor is null ? record : null;
        folder.AddEvent(time, $"deploying {string.Join(", ", _models)}");
        var run = folder.Instance(record.Instance);
        try
        {
            var versions = await DownloadAsync(store, run, cancellationToken);
            var settings = new RunSettings(folder.Name, versions, 0, RandomNumberGenerator.GetHexString(64), configuration.PredictionLimit, null, configuration.Access);
            settings = await StartOnFreePortAsync(run, settings, predecessor is null ? previous?.Port : null, cancellationToken);
            // Its time begins when it is ready; the supervisor reads it from there.
            if (StopAt() is { } stopAt) run.WriteSettings(settings = settings with { StopAt = stopAt });
            record = record with { Status = ServiceStatus.Running, Port = settings.Port };
            folder.WriteRecord(record);
            AddToHistory(settings);
        }
        catch (Exception exception)
        {
            await ClearAsync(predecessor?.Instance, CancellationToken.None, keepFolder: record.Instance);
            // The predecessor, if there is one, is still the service.
            var reason = exception is OperationCanceledException ? "The deployment was cancelled." : exception.Message;
            if (predecessor is null) folder.WriteRecord(record with { Status = ServiceStatus.Failed, Reason = reason });
            folder.AddEvent(time, $"the deployment failed: {reason.Split('\n')[0].TrimEnd('\r')}");
            throw;
        }

        if (predecessor is not null)
        {
            Report(90, "ready; stopping the service it replaces");
            await ClearAsync(record.Instance, CancellationToken.None);
        }

        Report(100, $"{folder.Name} runs at {OnlineService.UrlOf(record)}");
        return record;
    }

    /// <summary>Gives the running service other models, or another time to stop, from one request to the next.</summary>
    /// <returns>The new record, written; null if everything is so already.</returns>
    /// <exception cref="DeploymentException">A model cannot be loaded; the service goes on as it was.</exception>
    public async Task<ServiceRecord?> UpdateAsync(IObjectStore store, ServiceRecord current, CancellationToken cancellationToken)
    {
        var run = folder.Instance(current.Instance);
        var settings = run.ReadSettings();
        if (_models.SequenceEqual(current.Models) && settings.PredictionLimit == configuration.PredictionLimit && configuration.StopAfter is null && settings.StopAt is null)
        {
            await new RunningService(run, time).WaitUntilReadyAsync(null, cancellationToken);
            Report(100, $"{folder.Name} runs already");
            return null;
        }

        folder.AddEvent(time, $"changing to {string.Join(", ", _models)}");
        try
        {
            var versions = await DownloadAsync(store, run, cancellationToken);
            settings = settings with { Models = versions, PredictionLimit = configuration.PredictionLimit, StopAt = StopAt() };
            Report(60, "loading the model beside the one that answers");
            await new RunningService(run, time).ConfigureAsync(settings, cancellationToken);
        }
        catch (Exception exception)
        {
            folder.AddEvent(time, $"the change failed: {(exception is OperationCanceledException ? "it was cancelled" : exception.Message.Split('\n')[0].TrimEnd('\r'))}");
            RemoveUnused(run, run.ReadSettings());
            throw;
        }

        var record = current with { Status = ServiceStatus.Running, Models = _models };
        folder.WriteRecord(record);
        folder.AddEvent(time, $"answers with {string.Join(", ", _models)}");
        AddToHistory(settings);
        RemoveUnused(run, settings);
        Report(100, $"{folder.Name} answers with {string.Join(", ", _models)}");
        return record;
    }

    private async Task<IReadOnlyList<ServedVersion>> DownloadAsync(IObjectStore store, InstanceFolder run, CancellationToken cancellationToken)
    {
        var versions = new List<ServedVersion>();
        foreach (var (model, weight) in configuration.Models)
        {
            var target = run.PackageOf(model);
            if (!Directory.Exists(target))
            {
                Report(10 + (20 * versions.Count / configuration.Models.Count), $"downloading {model.Name} {model.Version}");
                var incoming = $"{target}.{Guid.NewGuid():N}.new";
                try
                {
                    await store.DownloadFolderAsync(model.Location, incoming, cancellationToken: cancellationToken);
                    if (!Directory.Exists(incoming)) throw new DeploymentException($"There is no package of {model.Name} {model.Version} at {model.Location} in {store.Location}. Import the model again.");
                    await CompileAsync(Path.Combine(incoming, PackageName), cancellationToken);
                    Directory.Move(incoming, target);
                }
                finally
                {
                    if (Directory.Exists(incoming)) Directory.Delete(incoming, recursive: true);
                }
            }

            versions.Add(new ServedVersion(model.Name, model.Version, weight, Path.Combine(target, PackageName), model.Location.ToString()));
        }

        return versions;
    }

    /// <summary>Compiles the inference code where the registry's was compiled for another build of the platform: a compiler is not what a service should keep in memory.</summary>
    private static Task CompileAsync(string package, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                InferenceCode.Open(InferenceCode.Find(package), cancellationToken).Dispose();
            }
            catch (Exception exception) when (exception is UserCodeException or ModelImportException or DirectoryNotFoundException)
            {
                // The service finds the same, and tells it as the reason.
            }
        },
        cancellationToken);

    private async Task<RunSettings> StartOnFreePortAsync(InstanceFolder run, RunSettings settings, int? preferred, CancellationToken cancellationToken)
    {
        if (configuration.Port is { } wanted && !FreePort.IsFree(wanted, Address))
            throw new DeploymentException(FormattableString.Invariant($"Another program listens on port {wanted} already. End it, or choose another port."));
        for (var attempt = 1; ; attempt++)
        {
            settings = settings with { Port = configuration.Port ?? FreePort.Choose(preferred, Address, Random.Shared) };
            run.WriteSettings(settings);
            Report(40, FormattableString.Invariant($"starting the service on port {settings.Port}"));
            try
            {
                await StartAsync(run, cancellationToken);
                return settings;
            }
            // Somebody else may have taken the port between the choice and the start.
            catch (DeploymentException) when (attempt < MostPorts && configuration.Port is null && !FreePort.IsFree(settings.Port, Address))
            {
                preferred = null;
            }
        }
    }

    private async Task StartAsync(InstanceFolder run, CancellationToken cancellationToken)
    {
        var service = new RunningService(run, time);
        using var supervisor = DetachedProcess.Start(ServiceProgram.Path, ServiceProgram.Supervise, run.Path);
        try
        {
            await service.WaitUntilReadyAsync(supervisor, cancellationToken);
        }
        catch
        {
            // Its own child: no need to go by number. The service's process may be there without it.
            supervisor.Kill();
            await supervisor.WaitForExitAsync(CancellationToken.None);
            await service.KillAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Ends and removes every run but one: the predecessor, or what an interrupted deployment left.</summary>
    private async Task ClearAsync(string? runToKeep, CancellationToken cancellationToken, string? keepFolder = null)
    {
        foreach (var other in folder.Instances().Where(other => other != runToKeep))
        {
            var run = folder.Instance(other);
            await new RunningService(run, time).StopAsync(cancellationToken);
            if (other != keepFolder) Directory.Delete(run.Path, recursive: true);
        }
    }

    private static void RemoveUnused(InstanceFolder run, RunSettings settings)
    {
        foreach (var package in Directory.EnumerateDirectories(run.Packages).Where(package => !settings.Models.Any(model => Path.GetDirectoryName(model.PackageFolder) == package)))
        {
            try
            {
                Directory.Delete(package, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Requests under way may still need it, where a system keeps files that are in use. It goes with the run.
            }
        }
    }

    private IPAddress Address => IPAddress.Parse((configuration.Access ?? AccessSettings.Loopback).Address);

    private DateTimeOffset? StopAt() => time.GetUtcNow() + configuration.StopAfter;

    private void AddToHistory(RunSettings settings) => folder.AddToHistory(new ConfigurationChange(time.GetUtcNow(), _models, settings.Port, settings.StopAt, settings.PredictionLimit));

    private void Report(int percent, string message)
    {
        // Others who look at the service see it as well.
        if (_record is not null && percent < 100) folder.WriteRecord(_record with { Percent = percent, Step = message });
        progress?.Report(new DeploymentProgress(percent, message));
    }
}
