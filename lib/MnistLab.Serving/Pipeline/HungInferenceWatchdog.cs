using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Stops the process when inference code hangs, since such code occupies a processor indefinitely and cannot be
/// aborted. Requests in flight are finished first; the supervisor then restarts the service.
/// </summary>
internal sealed class HungInferenceWatchdog(
    RunningPredictions running,
    ServedModels models,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<HungInferenceWatchdog> log) : BackgroundService
{
    // The maximum number of hung threads; more would starve other requests. Fewer are tolerated until the oldest one is
    // overdue by another full time limit.
    private static readonly int MaxOverdue = Environment.ProcessorCount * 4;

    private volatile bool _hasGivenUp;

    /// <summary>Gets whether the process is stopping because inference code hangs.</summary>
    public bool HasGivenUp => _hasGivenUp;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (running.Overdue > MaxOverdue || running.OldestOverdue > models.Loaded
                .Select(model => model.PredictionLimit)
                .Append(TimeSpan.Zero)
                .Max())
            {
                log.LogCritical(
                    "{Count} predictions are still running after their timeout, the oldest {Seconds:F1} s late: the inference code hangs. The service restarts.",
                    running.Overdue,
                    running.OldestOverdue.TotalSeconds);
                _hasGivenUp = true;
                lifetime.StopApplication();
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(0.5), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
