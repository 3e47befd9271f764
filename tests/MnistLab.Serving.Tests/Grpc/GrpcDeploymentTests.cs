using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Pipeline;

namespace MnistLab.Serving.Tests;

/// <summary>Tests the gRPC port, from the deployment to the process.</summary>
public sealed class GrpcDeploymentTests(TrainedModel trained, FastModel fast) : IAsyncLifetime
{
    private readonly ServiceLab _lab = new(trained);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Deploy_WithAPortForGrpc_KeepsItThroughSwapsUnderLoadAndReplacement_UntilItIsTakenAway()
    {
        var (old, next) = (await _lab.ImportAsync(), await _lab.ImportAsync());
        var service = await _lab.DeployAsync(configuration => configuration with { GrpcPort = ServiceConfiguration.AnyPort }, (old, 100));
        using var client = new InferenceClient(service.GrpcUrl!);
        var load = new GrpcLoad(client);
        await load.AnsweredAsync(50);

        // First, another version in the same process; then another process at the same addresses.
        var swapped = await _lab.DeployAsync((next, 100));
        await load.AnsweredAsync(50);
        await load.EndAsync();
        await ServiceLab.KillAsync(swapped.ProcessId!.Value);
        await ServiceLab.UntilAsync(async () => await RunningService.IsReadyAsync(service.Url!, default), "the service is back");
        using var again = new InferenceClient(service.GrpcUrl!);
        var afterCrash = await again.Service.ModelInferAsync(InferenceClient.Raw(new float[784], 1, 784));
        var without = await _lab.DeployAsync(configuration => configuration with { GrpcPort = ServiceConfiguration.NoPort }, (next, 100));

        Assert.Empty(load.Errors);
        Assert.Equal(["0.0.1", "0.0.2"], load.Versions.Keys.Order());
        Assert.Equal((service.GrpcUrl, service.ProcessId), (swapped.GrpcUrl, swapped.ProcessId));
        Assert.NotEqual(service.Url!.Port, service.GrpcUrl!.Port);
        Assert.Contains($", gRPC at {service.GrpcUrl.Authority}", $"{swapped}", StringComparison.Ordinal);
        Assert.Equal("0.0.2", afterCrash.ModelVersion);
        Assert.Equal((service.Url, null), (without.Url, without.GrpcUrl));
        Assert.False(await AcceptsAsync(service.GrpcUrl.Port));
        Assert.Equal([service.GrpcUrl.Port, service.GrpcUrl.Port, null], without.ReadHistory().Select(change => change.GrpcPort));
    }

    [Fact]
    public async Task Deploy_WithAPortForGrpcThatMakesNoSense_IsRefused()
    {
        var model = await _lab.ImportAsync();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        foreach (var (port, grpcPort, words) in new[] { (taken, taken, "gRPC needs its own port"), (0, 70000, "not a valid port"), (0, taken, "Another program listens") })
        {
            var error = await Assert.ThrowsAsync<DeploymentException>(() =>
                _lab.DeployAsync(
                    configuration => configuration with { Port = port == 0 ? null : port, GrpcPort = grpcPort },
                    (model, 100)));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Stop_WhileACallIsUnderWay_FinishesIt()
    {
        await using var service = await RunningApplication.StartAsync(fast.Package, grpcPort: 0);
        using var client = new InferenceClient(service.GrpcUrl!);
        var limiter = service.Services.GetRequiredService<InferenceLimiter>();
        var turns = new List<IDisposable>();
        for (var i = 0; i < Environment.ProcessorCount; i++) turns.Add(await limiter.EnterAsync(CancellationToken.None));
        var call = client.Service.ModelInferAsync(InferenceClient.Raw(new float[784], 1, 784));
        await ServiceLab.UntilAsync(() => Task.FromResult(limiter.Waiting == 1), "the call waits");

        var stop = service.StopAsync();
        await ServiceLab.UntilAsync(async () => !await AcceptsAsync(service.GrpcUrl!.Port), "the port is closed");
        Assert.False(stop.IsCompleted);
        foreach (var turn in turns) turn.Dispose();

        Assert.Single(InferenceClient.Labels(await call));
        await stop;
        Assert.Equal(StatusCode.Unavailable, (await InferenceClient.FailureAsync(client.Service.ServerLiveAsync(new()))).StatusCode);
    }

    private static async Task<bool> AcceptsAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
