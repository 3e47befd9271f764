using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MnistLab.Serving.Pipeline;

/// <summary>
/// Ends the process when inference code hangs: such code takes a processor for ever and cannot be ended by itself. Requests under way are finished first; the supervisor starts the service again.
/// </summary>
internal sealed class HungInferenceWatchdog(RunningPredictions running, ServedModels models, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<HungInferenceWatchdog> log) : BackgroundService
{
    // Fewer hanging threads than this are borne as long as the limit once more; more would starve the others.
    private static readonly int MaxOverdue = Environment.ProcessorCount * 4;

    private volatile bool _hasGivenUp;

    /// <summary>Whether the process ends for this reason.</summary>
    public bool HasGivenUp => _hasGivenUp;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (running.Overdue > MaxOverdue || running.OldestOverdue > models.Loaded.Select(model => model.PredictionLimit).Append(TimeSpan.Zero).Max())
            {
                log.LogCritical("{Count} predictions go on although their time is over, the oldest for {Seconds:F1} s too long: the inference code hangs. The service is started again.", running.Overdue, running.OldestOverdue.TotalSeconds);
                _hasGivenUp = true;
                lifetime.StopApplication();
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(0.5), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
