using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Operations;

/// <summary>
/// Keeps the log from filling the disk: beyond ten megabytes it is set aside and a new one begun; the four before it
/// are kept.
/// </summary>
internal sealed class LogLimit(InstanceFolder run, TimeProvider time, ILogger<LogLimit> log) : BackgroundService
{
    /// <summary>The largest log, in bytes, give or take what is written within a second.</summary>
    public const long Largest = 10 << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A process that prints to a file cannot empty it there.
        if (OperatingSystem.IsWindows()) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (new FileInfo(run.Log) is not { Exists: true, Length: > Largest }) continue;
                run.CopyLogAside();
                log.LogInformation("The log before this one was full.");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                log.LogWarning("The log was full, and could not be set aside: {Message}", exception.Message);
            }
        }
    }
}
