using System.Security.Cryptography;
using MnistLab.Data;

namespace MnistLab.Serving;

/// <summary>One deployment, done by the one who holds the service's deployment lock.</summary>
internal sealed class Deployment(ServiceFolder folder, string name, RegisteredModel model, string platform, TimeProvider time, IProgress<DeploymentProgress>? progress)
{
    /// <summary>Starts the new run, waits until it is ready, makes it the service's, and ends the one before it.</summary>
    /// <returns>The new record, written.</returns>
    public async Task<ServiceRecord> RunAsync(IObjectStore store, ServiceRecord? previous, CancellationToken cancellationToken)
    {
        var predecessor = previous?.Status == ServiceStatus.Running ? previous : null;
        await ClearAsync(predecessor?.Run, cancellationToken);

        var started = time.GetUtcNow();
        var runName = folder.CreateRun(started);
        var run = folder.Run(runName);
        var record = new ServiceRecord(ServiceStatus.Deploying, model.Name, model.Version, runName, platform, started);
        if (predecessor is null) folder.WriteRecord(record);
        try
        {
            Report(10, "downloading the model package");
            await store.DownloadFolderAsync(model.Package, run.Package, cancellationToken: cancellationToken);
            run.WriteSettings(new RunSettings(name, [new ServedVersion(model.Name, model.Version, 100, run.Package, model.Location.ToString())], 0, RandomNumberGenerator.GetHexString(64), TimeSpan.FromSeconds(40)));
            var state = await StartAsync(run, cancellationToken);
            record = record with { Status = ServiceStatus.Running, Url = state.Url, ProcessId = state.ProcessId, ProcessStarted = state.ProcessStarted };
            folder.WriteRecord(record);
        }
        catch (Exception exception)
        {
            // The predecessor, if there is one, is still the service.
            var reason = exception is OperationCanceledException ? "The deployment was cancelled." : exception.Message;
            if (predecessor is null) folder.WriteRecord(record with { Status = ServiceStatus.Failed, Reason = reason });
            throw;
        }

        if (predecessor is not null)
        {
            Report(90, "ready; stopping the service it replaces");
            await ClearAsync(runName, CancellationToken.None);
        }

        Report(100, $"{name} runs at {record.Url}");
        return record;
    }

    private async Task<RunState> StartAsync(RunFolder run, CancellationToken cancellationToken)
    {
        var program = Path.ChangeExtension(typeof(Deployment).Assembly.Location, ".dll");
        var service = new RunningService(run, time);
        using var limit = new CancellationTokenSource(OnlineServices.StartLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Report(40, "starting the service");
        using var process = DetachedProcess.Start(program, run.Path);
        try
        {
            return await service.WaitUntilReadyAsync(process, either.Token);
        }
        catch (Exception exception)
        {
            // Its own child: no need to go by number.
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new DeploymentException(FormattableString.Invariant($"The service was not ready after {OnlineServices.StartLimit.TotalSeconds} s.{Environment.NewLine}{run.ReadLogEnd()}").TrimEnd(), exception);
            throw;
        }
    }

    /// <summary>Ends and removes every run but one: the predecessor, or what an interrupted deployment left.</summary>
    private async Task ClearAsync(string? runToKeep, CancellationToken cancellationToken)
    {
        foreach (var other in folder.Runs().Where(other => other != runToKeep))
        {
            var run = folder.Run(other);
            await new RunningService(run, time).StopAsync(cancellationToken);
            Directory.Delete(run.Path, recursive: true);
        }
    }

    private void Report(int percent, string message) => progress?.Report(new DeploymentProgress(percent, message));
}
