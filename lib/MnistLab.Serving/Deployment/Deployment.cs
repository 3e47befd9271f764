using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using MnistLab.Data;

namespace MnistLab.Serving;

/// <summary>One deployment, made by whoever holds the service's deployment lock.</summary>
/// <param name="folder">The service's folder.</param>
/// <param name="configuration">What the service is to be.</param>
/// <param name="store">The store that has the models.</param>
/// <param name="program">The program to copy.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Told each step.</param>
internal sealed class Deployment(ServiceFolder folder, ServiceConfiguration configuration, IObjectStore store, string program, TimeProvider time, IProgress<DeploymentProgress>? progress)
{
    private const int MaxPorts = 3;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly IReadOnlyList<DeployedModel> _models =
        [.. configuration.Models.Select(item => new DeployedModel(item.Model.Name, item.Model.Version, item.Weight, item.Model.Location.ToString()))];

    private ServiceRecord? _record;

    private IPAddress Address => IPAddress.Parse((configuration.Access ?? AccessSettings.Loopback).Address);

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

        var record = new ServiceRecord(ServiceStatus.Deploying, _models, folder.CreateInstance(time.GetUtcNow()), ServiceProgram.Build, time.GetUtcNow(), previous?.Port, configuration.Access?.Address);
        var instance = folder.Instance(record.Instance);
        var settings = new RunSettings(
            folder.Name, [], previous?.Port ?? 0, RandomNumberGenerator.GetHexString(64), configuration.PredictionLimit ?? before?.PredictionLimit ?? ModelPackage.PredictionLimit, null, configuration.Access);
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
            settings = await StartOnPortAsync(instance, settings, previous, predecessor, cancellationToken);
            // Its time begins when it is ready; the supervisor reads it from there.
            if (StopAt(before) is { } stopAt) instance.WriteSettings(settings = settings with { StopAt = stopAt });
            record = record with { Status = ServiceStatus.Running, Port = settings.Port };
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
        var (settings, service, packages) = (instance.ReadSettings(), new RunningService(instance, time), new InstancePackages(instance, store));
        var next = settings with { PredictionLimit = configuration.PredictionLimit ?? settings.PredictionLimit, StopAt = StopAt(settings) };
        if (_models.SequenceEqual(current.Models) && next == settings)
        {
            if (service.ReadState() is not { Url: { } url, Ready: not null } || !await RunningService.IsReadyAsync(url, cancellationToken)) return null;
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

    private Task<IReadOnlyList<ServedVersion>> DownloadAsync(InstanceFolder instance, CancellationToken cancellationToken) => new InstancePackages(instance, store).DownloadAsync(
        configuration.Models, (done, model) => Report(10 + (20 * done / _models.Count), $"downloading {model.Name} {model.Version}"), cancellationToken);

    private async Task<RunSettings> StartOnPortAsync(InstanceFolder instance, RunSettings settings, ServiceRecord? previous, ServiceRecord? predecessor, CancellationToken cancellationToken)
    {
        // The predecessor has the port; or it has crashed and somebody else has it.
        var isPredecessors = predecessor is not null && (configuration.Port ?? predecessor.Port) == predecessor.Port
            && (folder.Instance(predecessor.Instance).IsAlive || FreePort.IsFree(predecessor.Port!.Value, Address));
        if (isPredecessors) return await TakeOverAsync(instance, settings with { Port = predecessor!.Port!.Value }, predecessor, cancellationToken);
        if (configuration.Port is { } wanted && !FreePort.IsFree(wanted, Address))
            throw new DeploymentException(FormattableString.Invariant($"Another program listens on port {wanted}. End it, or choose another port."));

        var preferred = previous?.Port;
        for (var attempt = 1; ; attempt++)
        {
            settings = settings with { Port = configuration.Port ?? FreePort.Choose(preferred, Address, Random.Shared) };
            instance.WriteSettings(settings);
            Report(40, FormattableString.Invariant($"starting the service on port {settings.Port}"));
            try
            {
                await SuperviseAsync(instance, (service, supervisor, token) => service.WaitUntilReadyAsync(supervisor, token), cancellationToken);
                return settings;
            }
            // Somebody else may have taken the port between the choice and the start.
            catch (DeploymentException) when (attempt < MaxPorts && configuration.Port is null && !FreePort.IsFree(settings.Port, Address))
            {
                preferred = null;
                instance.Reset();
            }
        }
    }

    /// <summary>
    /// Lets the new instance load its models beside the predecessor, ends that, and gives its port to the new one.
    /// </summary>
    private async Task<RunSettings> TakeOverAsync(InstanceFolder instance, RunSettings settings, ServiceRecord predecessor, CancellationToken cancellationToken)
    {
        instance.WriteSettings(settings = settings with { TakesOver = true });
        Report(40, "loading the model beside the service that it replaces");
        await SuperviseAsync(
            instance,
            async (service, supervisor, token) =>
            {
                await service.WaitUntilLoadedAsync(supervisor, token);
                Report(80, FormattableString.Invariant($"taking over port {settings.Port}"));
                var end = new RunningService(folder.Instance(predecessor.Instance), time).StopAsync(CancellationToken.None);
                // It stops listening at once, and may finish requests for a while.
                while (!end.IsCompleted && !FreePort.IsFree(settings.Port, Address)) await Task.Delay(Poll, time, CancellationToken.None);
                instance.WriteSettings(settings = settings with { TakesOver = false });
                await service.WaitUntilReadyAsync(supervisor, token);
                await end;
            },
            cancellationToken);
        return settings;
    }

    /// <summary>
    /// Starts the supervisor, and with it the service, and waits; ends both if that fails or takes too long.
    /// </summary>
    private async Task SuperviseAsync(InstanceFolder instance, Func<RunningService, Process, CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        var service = new RunningService(instance, time);
        using var supervisor = DetachedProcess.Start(instance.Program, ServiceProgram.Supervise, instance.Path);
        try
        {
            await wait(service, supervisor, cancellationToken);
        }
        catch
        {
            // Its own child: no need to go by its ID. The service's process may be there without it.
            supervisor.Kill();
            await supervisor.WaitForExitAsync(CancellationToken.None);
            await service.KillAsync(CancellationToken.None);
            throw;
        }
    }

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
                folder.WriteRecord(record with { Status = ServiceStatus.Failed, Reason = exception is OperationCanceledException ? "The deployment was cancelled." : exception.Message });
                DeleteOthers(record.Instance);
                return;
            }

            var before = folder.Instance(predecessor.Instance);
            if (before.StopIsRequested)
            {
                await new RunningService(before, time).StopAsync(CancellationToken.None);
                before.Reset();
                folder.AddEvent(time, "the service that was to be replaced is started again");
                await SuperviseAsync(before, (service, supervisor, token) => service.WaitUntilReadyAsync(supervisor, token), CancellationToken.None);
            }

            DeleteOthers(predecessor.Instance);
        }
        catch (Exception further) when (further is IOException or UnauthorizedAccessException or DeploymentException or Win32Exception)
        {
            TryToRecord(() => folder.AddEvent(time, $"after the failure: {ReasonOf(further)}"));
        }
    }

    /// <summary>Ends every instance but one.</summary>
    private async Task StopOthersAsync(string? instanceToKeep, CancellationToken cancellationToken)
    {
        foreach (var other in folder.Instances().Where(other => other != instanceToKeep)) await new RunningService(folder.Instance(other), time).StopAsync(cancellationToken);
    }

    private void DeleteOthers(string instanceToKeep)
    {
        foreach (var other in folder.Instances().Where(other => other != instanceToKeep)) Directory.Delete(folder.Instance(other).Path, recursive: true);
    }

    private DateTimeOffset? StopAt(RunSettings? before) => configuration.StopAfter switch
    {
        // As it was, unless that time has passed, as it has if a stopped service is started again.
        null => before?.StopAt > time.GetUtcNow() ? before.StopAt : null,
        { } never when never == Timeout.InfiniteTimeSpan => null,
        { } after => time.GetUtcNow() + after,
    };

    private void AddToHistory(RunSettings settings) => folder.AddToHistory(new ConfigurationChange(time.GetUtcNow(), _models, settings.Port, settings.StopAt, settings.PredictionLimit));

    private void Report(int percent, string message)
    {
        // Others who look at the service see it as well.
        if (_record is not null && percent < 100) folder.WriteRecord(_record with { Percent = percent, Step = message });
        progress?.Report(new DeploymentProgress(percent, message));
    }

    private static string ReasonOf(Exception exception) => exception is OperationCanceledException ? "it was cancelled" : exception.Message.Split('\n')[0].TrimEnd('\r');

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
