using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MnistLab.Serving.Instances;

/// <summary>
/// Stops the service when its instance's folder is deleted, since the service could not be found or stopped without it.
/// If the supervisor has ended, reports that and takes over stopping the service at its stop time.
/// </summary>
internal sealed class InstanceWatch(
    InstanceFolder instance,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<InstanceWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private bool _wasSupervised;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A process that was started manually has no supervisor, so its absence is not reported.
        _wasSupervised = instance.IsSupervised;
        while (true)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested) return;
            try
            {
                if (ReasonToStop() is not { } reason) continue;
                log.LogWarning("The service stops: {Reason}.", reason);
                lifetime.StopApplication();
                return;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                log.LogWarning("The instance's folder cannot be read at the moment: {Message}", exception.Message);
            }
        }
    }

    private string? ReasonToStop()
    {
        if (instance.IsDeleted) return $"its folder {instance.Path} was deleted";
        // The supervisor handles everything else.
        if (instance.IsSupervised)
        {
            _wasSupervised = true;
            return null;
        }

        if (_wasSupervised)
        {
            _wasSupervised = false;
            log.LogWarning(
                "The supervisor is not running, so the service is not restarted after a crash. Start the supervisor with: services start {Service}",
                instance.Service.Name);
            instance.Service.AddEvent(time, "the supervisor is not running; the service continues without it");
        }

        return instance.FindSettings()?.StopAt <= time.GetUtcNow() ? "it has reached its stop time" : null;
    }
}
