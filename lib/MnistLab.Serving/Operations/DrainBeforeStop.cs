using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Pipeline;

namespace MnistLab.Serving.Operations;

/// <summary>
/// Delays a requested stop: the service first reports that it is not ready while it still accepts requests. Otherwise,
/// a load balancer that probes only every few seconds would send requests to a closed port. Ctrl-C ends the delay.
/// </summary>
internal sealed class DrainBeforeStop(
    ServedModels models, RunSettings settings, TimeProvider time, ILogger<DrainBeforeStop> log)
    : IHostedLifecycleService, IDisposable
{
    private readonly TaskCompletionSource _interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PosixSignalRegistration? _interrupt;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => _interrupted.TrySetResult());
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var hasRequests = models.IsReady;
        models.Drain();
        if (!hasRequests || settings.Drain <= TimeSpan.Zero) return;
        log.LogInformation(
            "Draining: no longer ready; the service stops accepting requests in {Seconds} s.",
            settings.Drain.TotalSeconds);
        await Task.WhenAny(_interrupted.Task, Task.Delay(settings.Drain, time, cancellationToken));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _interrupt?.Dispose();
}
