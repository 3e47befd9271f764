using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MnistLab.Serving.Instances;

namespace MnistLab.Serving.Operations;

/// <summary>Limits the size of the log: beyond 10 MB, the log is rotated; the four older logs are kept.</summary>
internal sealed class LogLimit(InstanceFolder run, TimeProvider time, ILogger<LogLimit> log) : BackgroundService
{
    /// <summary>The maximum size of the log in bytes; what is written within a second may exceed it.</summary>
    public const long Largest = 10 << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // On Windows, a process cannot truncate the file that its output is redirected to.
        if (OperatingSystem.IsWindows()) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (new FileInfo(run.Log) is not { Exists: true, Length: > Largest }) continue;
                run.CopyLogAside();
                log.LogInformation("The previous log was full.");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                log.LogWarning("The log is full, and could not be rotated: {Message}", exception.Message);
            }
        }
    }
}
