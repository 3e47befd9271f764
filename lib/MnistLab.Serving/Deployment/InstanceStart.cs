using System.Diagnostics;
using System.Net;
using MnistLab.Hosting;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Deployment;

/// <summary>Starts the processes of an instance, on ports that are free or that its predecessor gives up.</summary>
/// <param name="folder">The service's folder.</param>
/// <param name="configuration">What the service is to be.</param>
/// <param name="time">The clock.</param>
/// <param name="report">Told each step: how far it is, in percent, and what is being done.</param>
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
    /// <param name="settings">Its settings; the port is chosen here.</param>
    /// <param name="previous">What the service was before; its port is preferred.</param>
    /// <param name="predecessor">The same if it runs: then it is ended once the new instance has loaded its
    /// models.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The settings, written.</returns>
    /// <exception cref="DeploymentException">It did not become ready; its processes are gone.</exception>
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
            // Somebody else may have taken a port between the choice and the start.
            catch (DeploymentException) when (attempt < MaxPorts && IsTaken(chosen))
            {
                chosen = Choose(settings with { GrpcPort = settings.GrpcPort is null ? null : ServiceConfiguration.AnyPort }, null, null);
                instance.Reset();
            }
        }
    }

    /// <summary>Chooses the ports: the given ones, or else those that the service had, or else free ones.</summary>
    /// <exception cref="DeploymentException">Another program has a port that is given, or no port is free.</exception>
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
                FormattableString.Invariant($"Another program listens on port {wanted}. End it, or choose another port."));
        }

        while (true)
        {
            var free = FreePort.Choose(preferred, Address, Random.Shared);
            if (free != other) return free;
        }
    }

    private int? GivenGrpcPort => configuration.GrpcPort is > 0 and var port ? port : null;

    // Whether a running instance has a port, or nobody since it has crashed.
    private bool Has(ServiceRecord? predecessor, int? port) =>
        predecessor is not null && port is not null && (port == predecessor.Port || port == predecessor.GrpcPort)
        && (folder.Instance(predecessor.Instance).IsAlive || FreePort.IsFree(port.Value, Address));

    private bool AreFree(RunSettings settings) =>
        FreePort.IsFree(settings.Port, Address) && (settings.GrpcPort is not { } grpcPort || FreePort.IsFree(grpcPort, Address));

    private bool IsTaken(RunSettings chosen) =>
        (configuration.Port is null && !FreePort.IsFree(chosen.Port, Address))
        || (GivenGrpcPort is null && chosen.GrpcPort is { } grpcPort && !FreePort.IsFree(grpcPort, Address));

    /// <summary>Starts an instance that was ended, as it was.</summary>
    /// <exception cref="DeploymentException">It did not become ready; its processes are gone.</exception>
    public Task RestartAsync(InstanceFolder instance)
    {
        instance.Reset();
        return SuperviseAsync(instance, WaitUntilReadyAsync, CancellationToken.None);
    }

    /// <summary>
    /// Lets the new instance load its models beside the predecessor, ends that, and gives its port to the new one.
    /// </summary>
    private async Task<RunSettings> TakeOverAsync(
        InstanceFolder instance,
        RunSettings settings,
        ServiceRecord predecessor,
        CancellationToken cancellationToken)
    {
        instance.WriteSettings(settings = settings with { TakesOver = true });
        report(40, "loading the model beside the service that it replaces");
        await SuperviseAsync(
            instance,
            async (service, supervisor, token) =>
            {
                await service.WaitUntilLoadedAsync(supervisor, token);
                report(80, FormattableString.Invariant($"taking over port {settings.Port}"));
                var end = new RunningService(folder.Instance(predecessor.Instance), time).StopAsync(CancellationToken.None);
                // It stops listening at once, and may finish requests for a while.
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
    /// Starts the supervisor, and with it the service, and waits; ends both if that fails or takes too long.
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
            // Its own child: no need to go by its ID. The service's process may be there without it.
            supervisor.Kill();
            await supervisor.WaitForExitAsync(CancellationToken.None);
            await service.KillAsync(CancellationToken.None);
            throw;
        }
    }

    private static Task WaitUntilReadyAsync(RunningService service, Process supervisor, CancellationToken cancellationToken) =>
        service.WaitUntilReadyAsync(supervisor, cancellationToken);
}
