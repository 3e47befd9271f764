using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MnistLab.Hosting;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Pipeline;

namespace MnistLab.Serving.Online;

/// <summary>Runs the program as the process of a service instance.</summary>
internal static class ServiceProcess
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    public static async Task<int> RunAsync(InstanceFolder instance)
    {
        using var alive = await FileLock.TryAcquireAsync(
            instance.AliveLock, TimeProvider.System, InstanceFolder.LockTimeout)
            ?? throw new InvalidOperationException($"The instance in {instance.Path} already has a process.");
        instance.SetLogAside();
        DetachedProcess.Detach(instance.Log);
        using var self = Process.GetCurrentProcess();
        var state = new RunState(Environment.ProcessId, self.StartTime.ToUniversalTime(), ProcessStart: ProcessIdentity.Current.Start);
        instance.WriteState(state);

        var settings = instance.ReadSettings();
        await using var app = OnlineServiceApplication.Create(settings, instance);
        var loader = app.Services.GetRequiredService<ModelLoader>();
        if (settings.TakesOver)
        {
            await loader.StartAsync(CancellationToken.None);
            await loader.ExecuteTask!;
            if (loader.Failure is not null) return 1;
            instance.WriteState(state = state with { Loaded = TimeProvider.System.GetUtcNow() });
            if (!await IsHandedOverAsync(instance)) return 1;
        }

        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (loader.Failure is not null)
        {
            // Loading the models failed before the web server had started.
            return 1;
        }

        var port = OnlineServiceApplication.Address(app).Port;
        var grpcUrl = OnlineServiceApplication.GrpcAddress(app) is { } grpc
            ? ServiceAddress.UrlOf(settings.Access?.Address, grpc.Port)
            : null;
        instance.WriteState(state = state with { Url = ServiceAddress.UrlOf(settings.Access?.Address, port), GrpcUrl = grpcUrl });
        await loader.ExecuteTask!;
        if (loader.Failure is null) instance.WriteState(state = state with { Ready = TimeProvider.System.GetUtcNow() });
        await app.WaitForShutdownAsync();
        // All requests in flight have finished; a process that ends without reaching this line has crashed.
        if (loader.Failure is not null || app.Services.GetRequiredService<HungInferenceWatchdog>().HasGivenUp) return 1;
        if (!instance.IsDeleted) instance.WriteState(state with { Stopped = ReasonToStop(instance) });
        return 0;
    }

    /// <summary>Waits until the predecessor has released the port.</summary>
    /// <returns>False if the deployment was canceled or took too long.</returns>
    private static async Task<bool> IsHandedOverAsync(InstanceFolder instance)
    {
        using var limit = new CancellationTokenSource(OnlineServices.StartLimit);
        while (instance.FindSettings() is { TakesOver: true })
        {
            if (limit.IsCancellationRequested || instance.StopIsRequested) return false;
            await Task.Delay(Poll);
        }

        return !instance.IsDeleted;
    }

    private static string ReasonToStop(InstanceFolder instance) =>
        instance.StopIsRequested ? "on request"
        : instance.FindSettings()?.StopAt <= TimeProvider.System.GetUtcNow() ? "at its stop time"
        : "its process was asked to stop";
}
