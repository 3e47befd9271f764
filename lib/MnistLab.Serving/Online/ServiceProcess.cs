using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MnistLab.Serving;

/// <summary>The program as a service.</summary>
internal static class ServiceProcess
{
    public static async Task<int> RunAsync(InstanceFolder run)
    {
        using var alive = await FileLock.TakeSoonAsync(run.AliveLock, TimeProvider.System) ?? throw new InvalidOperationException($"The run in {run.Path} has a process already.");
        run.SetLogAside();
        DetachedProcess.Detach(run.Log);
        using var self = Process.GetCurrentProcess();
        var state = new RunState(Environment.ProcessId, self.StartTime.ToUniversalTime());
        run.WriteState(state);

        var settings = run.ReadSettings();
        await using var app = OnlineServiceApplication.Create(settings, run);
        await app.StartAsync();
        state = state with { Url = ServiceAddress.UrlOf(settings.Access?.Address, OnlineServiceApplication.Address(app).Port) };
        run.WriteState(state);
        var loader = app.Services.GetRequiredService<ModelLoader>();
        await loader.ExecuteTask!;
        if (loader.Failure is null) run.WriteState(state = state with { Ready = TimeProvider.System.GetUtcNow() });
        await app.WaitForShutdownAsync();
        // Requests under way have been answered; what ends the process without this line is a crash.
        if (loader.Failure is not null || app.Services.GetRequiredService<HungInferenceWatchdog>().HasGivenUp) return 1;
        run.WriteState(state with { Stopped = run.StopIsRequested ? "on request" : "its process was asked to end" });
        return 0;
    }
}
