using System.ComponentModel;
using System.Security.Cryptography;
using MnistLab.Models;
using MnistLab.Serving.Instances;
using MnistLab.Storage;

namespace MnistLab.Serving.Deployment;

/// <summary>Represents one deployment. The caller holds the service's deployment lock.</summary>
/// <param name="folder">The service's folder.</param>
/// <param name="configuration">The configuration to deploy.</param>
/// <param name="store">The object store that contains the models.</param>
/// <param name="program">The path of the program to copy.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Receives each step; may be null.</param>
internal sealed class Deployment(
    ServiceFolder folder,
    ServiceConfiguration configuration,
    IObjectStore store,
    string program,
    TimeProvider time,
    IProgress<DeploymentProgress>? progress)
{
    private readonly IReadOnlyList<DeployedModel> _models =
    [
        .. from item in configuration.Models
           select new DeployedModel(item.Model.Name, item.Model.Version, item.Weight, item.Model.Location.ToString()),
    ];

    private ServiceRecord? _record;

    private InstanceStart Start => new(folder, configuration, time, Report);

    /// <summary>
    /// Starts a new instance and waits until it is ready. A running instance keeps serving until the new one has loaded
    /// its models; then the new one takes over its port.
    /// </summary>
    /// <param name="previous">The previous record; null if the service is new.</param>
    /// <param name="before">The previous settings; null if there are none.</param>
    /// <param name="cancellationToken">Cancels the deployment.</param>
    /// <returns>The new record, which has been saved.</returns>
    /// <exception cref="DeploymentException">The instance did not become ready; its processes have been ended, and the
    /// previous instance runs again.</exception>
    public async Task<ServiceRecord> StartAsync(ServiceRecord? previous, RunSettings? before, CancellationToken cancellationToken)
    {
        var predecessor = previous?.Status.IsUp() == true ? previous : null;
        // Ends instances that an interrupted deployment left behind.
        await StopOthersAsync(predecessor?.Instance, cancellationToken);

        var now = time.GetUtcNow();
        var record = new ServiceRecord(
            ServiceStatus.Deploying,
            _models,
            folder.CreateInstance(now),
            ServiceProgram.Build,
            now,
            previous?.Port,
            Address: configuration.Access?.Address);
        var instance = folder.Instance(record.Instance);
        var limit = configuration.PredictionLimit ?? before?.PredictionLimit ?? LoadedModel.PredictionLimit;
        var settings = new RunSettings(
            folder.Name, [], previous?.Port ?? 0, RandomNumberGenerator.GetHexString(64), limit, null, configuration.Access,
            GrpcPort: configuration.GrpcPortAfter(before?.GrpcPort));
        // Saved immediately, so that the configuration survives a failed deployment.
        instance.WriteSettings(settings);
        _record = predecessor is null ? record : null;
        if (predecessor is null) folder.WriteRecord(record);
        folder.AddEvent(time, $"deploying {string.Join(", ", _models)}");
        try
        {
            Report(5, "copying the program");
            ServiceProgram.Copy(program, instance.ProgramFolder);
            settings = settings with { Models = await DownloadAsync(instance, cancellationToken) };
            settings = await Start.StartAsync(instance, settings, previous, predecessor, cancellationToken);
            // The time until the automatic stop is counted from here, when the service is ready; the supervisor reads
            // the stop time from the settings.
            if (StopAt(before) is { } stopAt) instance.WriteSettings(settings = settings with { StopAt = stopAt });
            record = record with { Status = ServiceStatus.Running, Port = settings.Port, GrpcPort = settings.GrpcPort };
            folder.WriteRecord(record);
            AddToHistory(settings);
        }
        catch (Exception exception)
        {
            await FailAsync(record, predecessor, exception);
            throw;
        }

        await StopOthersAsync(record.Instance, CancellationToken.None);
        DeleteOthers(record.Instance);
        Report(100, $"{folder.Name} runs at {OnlineService.UrlOf(record)}");
        return record;
    }

    /// <summary>Changes the models or the stop time of the running service without a restart.</summary>
    /// <returns>The new record, which has been saved, or the current one if nothing has changed; null if the service
    /// cannot be reached because it has crashed.</returns>
    /// <exception cref="DeploymentException">A model cannot be loaded; the service keeps its configuration.</exception>
    public async Task<ServiceRecord?> UpdateAsync(ServiceRecord current, CancellationToken cancellationToken)
    {
        var instance = folder.Instance(current.Instance);
        var (settings, service) = (instance.ReadSettings(), new RunningService(instance, time));
        var packages = new InstancePackages(instance, store);
        var limit = configuration.PredictionLimit ?? settings.PredictionLimit;
        var next = settings with { PredictionLimit = limit, StopAt = StopAt(settings) };
        if (_models.SequenceEqual(current.Models) && next == settings)
        {
            if (service.ReadState() is not { Url: { } url, Ready: not null }) return null;
            if (!await RunningService.IsReadyAsync(url, cancellationToken)) return null;
            Report(100, $"{folder.Name} is already running");
            return current;
        }

        folder.AddEvent(time, $"changing to {string.Join(", ", _models)}");
        try
        {
            next = next with { Models = await DownloadAsync(instance, cancellationToken) };
            Report(60, "loading the model while the current one serves requests");
            if (!await service.ConfigureAsync(next, cancellationToken))
            {
                folder.AddEvent(time, "the service cannot be reached, so another instance replaces it");
                return null;
            }
        }
        catch (Exception exception)
        {
            TryToRecord(() => folder.AddEvent(time, $"the change failed: {ReasonOf(exception)}"));
            // If the change was canceled, it is unknown whether the service has received it; the next deployment then
            // deletes unused packages.
            if (exception is DeploymentException) packages.DeleteUnused(instance.ReadSettings());
            throw;
        }

        var record = current with { Status = ServiceStatus.Running, Models = _models, Reason = null };
        folder.WriteRecord(record);
        folder.AddEvent(time, $"now serving {string.Join(", ", _models)}");
        AddToHistory(next);
        packages.DeleteUnused(next);
        Report(100, $"{folder.Name} is now serving {string.Join(", ", _models)}");
        return record;
    }

    private Task<IReadOnlyList<ServedVersion>> DownloadAsync(InstanceFolder instance, CancellationToken cancellationToken) =>
        new InstancePackages(instance, store).DownloadAsync(
            configuration.Models,
            (done, model) => Report(10 + (20 * done / _models.Count), $"downloading {model.Name} {model.Version}"),
            cancellationToken);

    /// <summary>
    /// Ends the processes that the deployment started, restarts the predecessor if it was already stopped, and records
    /// the failure. Exceptions here are only recorded, so that the caller reports the original failure.
    /// </summary>
    private async Task FailAsync(ServiceRecord record, ServiceRecord? predecessor, Exception exception)
    {
        TryToRecord(() => folder.AddEvent(time, $"the deployment failed: {ReasonOf(exception)}"));
        try
        {
            await StopOthersAsync(predecessor?.Instance, CancellationToken.None);
            if (predecessor is null)
            {
                var reason = exception is OperationCanceledException ? "The deployment was canceled." : exception.Message;
                folder.WriteRecord(record with { Status = ServiceStatus.Failed, Reason = reason });
                DeleteOthers(record.Instance);
                return;
            }

            var before = folder.Instance(predecessor.Instance);
            if (before.StopIsRequested)
            {
                await new RunningService(before, time).StopAsync(CancellationToken.None);
                folder.AddEvent(time, "the previous service is restarted");
                await Start.RestartAsync(before);
            }

            DeleteOthers(predecessor.Instance);
        }
        catch (Exception further)
            when (further is IOException or UnauthorizedAccessException or DeploymentException or Win32Exception)
        {
            TryToRecord(() => folder.AddEvent(time, $"after the failure: {ReasonOf(further)}"));
        }
    }

    /// <summary>Ends every instance except one.</summary>
    private async Task StopOthersAsync(string? instanceToKeep, CancellationToken cancellationToken)
    {
        foreach (var other in folder.Instances().Where(other => other != instanceToKeep))
            await new RunningService(folder.Instance(other), time).StopAsync(cancellationToken);
    }

    private void DeleteOthers(string instanceToKeep)
    {
        foreach (var other in folder.Instances().Where(other => other != instanceToKeep))
            Directory.Delete(folder.Instance(other).Path, recursive: true);
    }

    private DateTimeOffset? StopAt(RunSettings? before) => configuration.StopAfter switch
    {
        // Keeps the stop time unless it has passed, as it has when a stopped service is started again.
        null => before?.StopAt > time.GetUtcNow() ? before.StopAt : null,
        { } never when never == Timeout.InfiniteTimeSpan => null,
        { } after => time.GetUtcNow() + after,
    };

    private void AddToHistory(RunSettings settings) => folder.AddToHistory(
        new ConfigurationChange(time.GetUtcNow(), _models, settings.Port, settings.StopAt, settings.PredictionLimit, settings.GrpcPort));

    private void Report(int percent, string message)
    {
        // Also saved in the record, so that other processes can show the progress.
        if (_record is not null && percent < 100) folder.WriteRecord(_record with { Percent = percent, Step = message });
        progress?.Report(new DeploymentProgress(percent, message));
    }

    private static string ReasonOf(Exception exception) =>
        exception is OperationCanceledException ? "it was canceled" : exception.Message.Split('\n')[0].TrimEnd('\r');

    private static void TryToRecord(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The original failure is reported to the caller in any case.
        }
    }
}
