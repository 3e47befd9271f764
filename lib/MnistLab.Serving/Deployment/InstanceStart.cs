using System.Diagnostics;
using System.Net;
using MnistLab.Hosting;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Deployment;

/// <summary>Starts the processes of an instance on ports that are free or that its predecessor releases.</summary>
/// <param name="folder">The service's folder.</param>
/// <param name="configuration">The configuration to deploy.</param>
/// <param name="time">The clock.</param>
/// <param name="report">Receives each step: the progress in percent and a description.</param>
internal sealed class InstanceStart(
    ServiceFolder folder,
    ServiceConfiguration configuration,
    TimeProvider time,
    Action<int, string> report)
{
    private const int MaxPorts = 3;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private IPAddress Address => IPAddress.Parse((configuration.Access ?? AccessSettings.Loopback).Address);

    /// <summary>Starts the instance and waits until it is ready.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="settings">The settings of the instance; the ports are chosen here.</param>
    /// <param name="previous">The previous record, whose ports are preferred; null if the service is new.</param>
    /// <param name="predecessor">The previous record if that instance is running; it is stopped once the new instance
    /// has loaded its models.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The settings with the chosen ports, which have been saved.</returns>
    /// <exception cref="DeploymentException">The instance did not become ready; its processes have been
    /// ended.</exception>
    public async Task<RunSettings> StartAsync(
        InstanceFolder instance,
        RunSettings settings,
        ServiceRecord? previous,
        ServiceRecord? predecessor,
        CancellationToken cancellationToken)
    {
        var chosen = Choose(settings, previous?.Port, predecessor);
        if (Has(predecessor, chosen.Port) || Has(predecessor, chosen.GrpcPort))
            return await TakeOverAsync(instance, chosen, predecessor!, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            instance.WriteSettings(chosen);
            report(40, FormattableString.Invariant($"starting the service on port {chosen.Port}"));
            try
            {
                await SuperviseAsync(instance, WaitUntilReadyAsync, cancellationToken);
                return chosen;
            }
            // Another program may have taken a port between the choice and the start.
            catch (DeploymentException) when (attempt < MaxPorts && IsTaken(chosen))
            {
                chosen = Choose(settings with { GrpcPort = settings.GrpcPort is null ? null : ServiceConfiguration.AnyPort }, null, null);
                instance.Reset();
            }
        }
    }

    /// <summary>Chooses the ports: the configured ones, otherwise the previous ones, otherwise free ones.</summary>
    /// <exception cref="DeploymentException">A configured port is used by another program, or no port is
    /// free.</exception>
    private RunSettings Choose(RunSettings settings, int? preferred, ServiceRecord? predecessor)
    {
        var port = Choose(configuration.Port, preferred, GivenGrpcPort, predecessor);
        if (settings.GrpcPort is not { } before) return settings with { Port = port };
        int? preferredForGrpc = before == ServiceConfiguration.AnyPort ? null : before;
        return settings with { Port = port, GrpcPort = Choose(GivenGrpcPort, preferredForGrpc, port, predecessor) };
    }

    private int Choose(int? given, int? preferred, int? other, ServiceRecord? predecessor)
    {
        if (preferred == other) preferred = null;
        if ((given ?? preferred) is { } port && Has(predecessor, port)) return port;
        if (given is { } wanted)
        {
            if (FreePort.IsFree(wanted, Address)) return wanted;
            throw new DeploymentException(
                FormattableString.Invariant($"Another program listens on port {wanted}. Stop it, or choose another port."));
        }

        while (true)
        {
            var free = FreePort.Choose(preferred, Address, Random.Shared);
            if (free != other) return free;
        }
    }

    private int? GivenGrpcPort => configuration.GrpcPort is > 0 and var port ? port : null;

    // Returns whether the predecessor uses the port, or used it before it crashed and the port is still free.
    private bool Has(ServiceRecord? predecessor, int? port) =>
        predecessor is not null && port is not null && (port == predecessor.Port || port == predecessor.GrpcPort)
        && (folder.Instance(predecessor.Instance).IsAlive || FreePort.IsFree(port.Value, Address));

    private bool AreFree(RunSettings settings) =>
        FreePort.IsFree(settings.Port, Address) && (settings.GrpcPort is not { } grpcPort || FreePort.IsFree(grpcPort, Address));

    private bool IsTaken(RunSettings chosen) =>
        (configuration.Port is null && !FreePort.IsFree(chosen.Port, Address))
        || (GivenGrpcPort is null && chosen.GrpcPort is { } grpcPort && !FreePort.IsFree(grpcPort, Address));

    /// <summary>Restarts an instance that was stopped, with the same settings.</summary>
    /// <exception cref="DeploymentException">The instance did not become ready; its processes have been
    /// ended.</exception>
    public Task RestartAsync(InstanceFolder instance)
    {
        instance.Reset();
        return SuperviseAsync(instance, WaitUntilReadyAsync, CancellationToken.None);
    }

    /// <summary>
    /// Lets the new instance load its models while the predecessor still serves, stops the predecessor, and then hands
    /// its ports to the new instance.
    /// </summary>
    private async Task<RunSettings> TakeOverAsync(
        InstanceFolder instance,
        RunSettings settings,
        ServiceRecord predecessor,
        CancellationToken cancellationToken)
    {
        instance.WriteSettings(settings = settings with { TakesOver = true });
        report(40, "loading the model while the current service keeps running");
        await SuperviseAsync(
            instance,
            async (service, supervisor, token) =>
            {
                await service.WaitUntilLoadedAsync(supervisor, token);
                report(80, FormattableString.Invariant($"taking over port {settings.Port}"));
                var end = new RunningService(folder.Instance(predecessor.Instance), time).StopAsync(CancellationToken.None);
                // The predecessor stops listening immediately, but may still be finishing requests.
                while (!end.IsCompleted && !AreFree(settings))
                    await Task.Delay(Poll, time, CancellationToken.None);
                instance.WriteSettings(settings = settings with { TakesOver = false });
                await service.WaitUntilReadyAsync(supervisor, token);
                await end;
            },
            cancellationToken);
        return settings;
    }

    /// <summary>
    /// Starts the supervisor, which starts the service, and waits; ends both processes if waiting fails or times out.
    /// </summary>
    private async Task SuperviseAsync(
        InstanceFolder instance,
        Func<RunningService, Process, CancellationToken, Task> wait,
        CancellationToken cancellationToken)
    {
        var service = new RunningService(instance, time);
        using var supervisor = DetachedProcess.Start(instance.Program, ServiceProgram.Supervise, instance.Path);
        try
        {
            await wait(service, supervisor, cancellationToken);
        }
        catch
        {
            // The supervisor is a child process, so its handle identifies it. The service's process may have outlived
            // it.
            supervisor.Kill();
            await supervisor.WaitForExitAsync(CancellationToken.None);
            await service.KillAsync(CancellationToken.None);
            throw;
        }
    }

    private static Task WaitUntilReadyAsync(RunningService service, Process supervisor, CancellationToken cancellationToken) =>
        service.WaitUntilReadyAsync(supervisor, cancellationToken);
}
