using System.ComponentModel;
using System.Security.Cryptography;
using MnistLab.Models;
using MnistLab.Serving.Instances;
using MnistLab.Storage;

namespace MnistLab.Serving.Deployment;

/// <summary>One deployment, made by whoever holds the service's deployment lock.</summary>
/// <param name="folder">The service's folder.</param>
/// <param name="configuration">What the service is to be.</param>
/// <param name="store">The store that has the models.</param>
/// <param name="program">The program to copy.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Told each step.</param>
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
    /// Starts a new instance and waits until it is ready. One that runs keeps answering until the new one has loaded
    /// its models; then the new one
    /// takes over its port.
    /// </summary>
    /// <param name="previous">What the service was before; null if it is new.</param>
    /// <param name="before">Its settings; null if there are none.</param>
    /// <param name="cancellationToken">Ends the deployment.</param>
    /// <returns>The new record, written.</returns>
    /// <exception cref="DeploymentException">It did not become ready; its processes are gone, and what ran before runs
    /// again.</exception>
    public async Task<ServiceRecord> StartAsync(ServiceRecord? previous, RunSettings? before, CancellationToken cancellationToken)
    {
        var predecessor = previous?.Status.IsUp() == true ? previous : null;
        // What an interrupted deployment left.
        await StopOthersAsync(predecessor?.Instance, cancellationToken);

        var now = time.GetUtcNow();
        var record = new ServiceRecord(
            ServiceStatus.Deploying, _models, folder.CreateInstance(now), ServiceProgram.Build, now, previous?.Port, Address: configuration.Access?.Address);
        var instance = folder.Instance(record.Instance);
        var limit = configuration.PredictionLimit ?? before?.PredictionLimit ?? LoadedModel.PredictionLimit;
        var settings = new RunSettings(
            folder.Name, [], previous?.Port ?? 0, RandomNumberGenerator.GetHexString(64), limit, null, configuration.Access,
            GrpcPort: configuration.GrpcPortAfter(before?.GrpcPort));
        // From the first moment: what was configured outlives a deployment that fails.
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
            // Its time begins when it is ready; the supervisor reads it from there.
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

    /// <summary>Changes the models of the running service, or its stop time, from one request to the next.</summary>
    /// <returns>The new record, written, or the present one if nothing has changed; null if the service cannot be
    /// reached, because it has crashed.</returns>
    /// <exception cref="DeploymentException">A model cannot be loaded; the service goes on as it was.</exception>
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
            Report(100, $"{folder.Name} runs already");
            return current;
        }

        folder.AddEvent(time, $"changing to {string.Join(", ", _models)}");
        try
        {
            next = next with { Models = await DownloadAsync(instance, cancellationToken) };
            Report(60, "loading the model beside the one that answers");
            if (!await service.ConfigureAsync(next, cancellationToken))
            {
                folder.AddEvent(time, "the service cannot be reached, so another instance replaces it");
                return null;
            }
        }
        catch (Exception exception)
        {
            TryToRecord(() => folder.AddEvent(time, $"the change failed: {ReasonOf(exception)}"));
            // Whether a change that was cancelled has reached the service is not known: then the next one tidies up.
            if (exception is DeploymentException) packages.DeleteUnused(instance.ReadSettings());
            throw;
        }

        var record = current with { Status = ServiceStatus.Running, Models = _models, Reason = null };
        folder.WriteRecord(record);
        folder.AddEvent(time, $"answers with {string.Join(", ", _models)}");
        AddToHistory(next);
        packages.DeleteUnused(next);
        Report(100, $"{folder.Name} answers with {string.Join(", ", _models)}");
        return record;
    }

    private Task<IReadOnlyList<ServedVersion>> DownloadAsync(InstanceFolder instance, CancellationToken cancellationToken) =>
        new InstancePackages(instance, store).DownloadAsync(
            configuration.Models,
            (done, model) => Report(10 + (20 * done / _models.Count), $"downloading {model.Name} {model.Version}"),
            cancellationToken);

    /// <summary>
    /// Ends what was started, restarts the predecessor if it was ended already, and records the failure. Never fails
    /// itself: the failure that led here is the one to report.
    /// </summary>
    private async Task FailAsync(ServiceRecord record, ServiceRecord? predecessor, Exception exception)
    {
        TryToRecord(() => folder.AddEvent(time, $"the deployment failed: {ReasonOf(exception)}"));
        try
        {
            await StopOthersAsync(predecessor?.Instance, CancellationToken.None);
            if (predecessor is null)
            {
                var reason = exception is OperationCanceledException ? "The deployment was cancelled." : exception.Message;
                folder.WriteRecord(record with { Status = ServiceStatus.Failed, Reason = reason });
                DeleteOthers(record.Instance);
                return;
            }

            var before = folder.Instance(predecessor.Instance);
            if (before.StopIsRequested)
            {
                await new RunningService(before, time).StopAsync(CancellationToken.None);
                folder.AddEvent(time, "the service that was to be replaced is started again");
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

    /// <summary>Ends every instance but one.</summary>
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
        // As it was, unless that time has passed, as it has if a stopped service is started again.
        null => before?.StopAt > time.GetUtcNow() ? before.StopAt : null,
        { } never when never == Timeout.InfiniteTimeSpan => null,
        { } after => time.GetUtcNow() + after,
    };

    private void AddToHistory(RunSettings settings) => folder.AddToHistory(
        new ConfigurationChange(time.GetUtcNow(), _models, settings.Port, settings.StopAt, settings.PredictionLimit, settings.GrpcPort));

    private void Report(int percent, string message)
    {
        // Others who look at the service see it as well.
        if (_record is not null && percent < 100) folder.WriteRecord(_record with { Percent = percent, Step = message });
        progress?.Report(new DeploymentProgress(percent, message));
    }

    private static string ReasonOf(Exception exception) =>
        exception is OperationCanceledException ? "it was cancelled" : exception.Message.Split('\n')[0].TrimEnd('\r');

    private static void TryToRecord(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The failure that is being recorded is reported to the caller in any case.
        }
    }
}
