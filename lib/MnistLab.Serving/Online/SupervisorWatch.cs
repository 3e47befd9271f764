using System.ComponentModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MnistLab.Serving;

/// <summary>Sees to it that the service is never without a supervisor: should that be killed, another is started, which takes this process over.</summary>
internal sealed class SupervisorWatch(InstanceFolder run, TimeProvider time, ILogger<SupervisorWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A process that was started by hand has none, and wants none.
        var wasSupervised = run.IsSupervised;
        while (true)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested || run.StopIsRequested) return;
            var isSupervised = run.IsSupervised;
            wasSupervised |= isSupervised;
            if (isSupervised || !wasSupervised) continue;
            try
            {
                log.LogWarning("The supervisor is gone; another one is started.");
                using var process = DetachedProcess.Start(ServiceProgram.Path, ServiceProgram.Supervise, run.Path);
                // Ends when the supervisor has detached itself, or could not be started.
                var errors = await process.StandardError.ReadToEndAsync(stoppingToken);
                if (errors.Length > 0) log.LogError("{Errors}", errors);
                run.Service.AddEvent(time, "the supervisor was gone; another one was started");
            }
            catch (Exception exception) when (exception is IOException or Win32Exception or UnauthorizedAccessException)
            {
                log.LogError("No supervisor can be started at the moment: {Message}", exception.Message);
            }
        }
    }
}
