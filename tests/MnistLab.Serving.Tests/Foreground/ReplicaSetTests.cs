using System.Globalization;
using System.Net;
using MnistLab.Models.Registry;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Foreground;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests.Foreground;

/// <summary>Tests three replicas behind nginx, set up as in <c>docs/beyond-one-machine.md</c>.</summary>
public sealed class ReplicaSetTests(TrainedModel trained) : IAsyncLifetime
{
    private const int MinRequests = 50_000;

    private readonly ServiceLab _lab = new(trained);
    private readonly int[] _ports = ChoosePorts();
    private readonly ReplicaProcess?[] _replicas = new ReplicaProcess?[3];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas.OfType<ReplicaProcess>()) await replica.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task UpdateAndKill_UnderLoadOfFiftyThousandRequests_FailNoRequest()
    {
        var (old, next) = (await _lab.ImportAsync(), await _lab.ImportAsync());
        await using var nginx = NginxProcess.Start(_ports);
        await Task.WhenAll(Enumerable.Range(0, _replicas.Length).Select(index => StartAsync(index, old)));
        await using var load = new InferLoad(nginx.Url);
        await load.UntilAsync(1000);

        // A rolling update: one replica after the other.
        for (var index = 0; index < _replicas.Length; index++)
        {
            _replicas[index]!.Terminate();
            Assert.Equal(ServiceExitCode.Stopped, await _replicas[index]!.WaitForExitAsync());
            await StartAsync(index, next);
            await load.UntilAsync(load.Responses + 1000);
        }

        // A replica that crashes while it handles requests, and is started again.
        _replicas[1]!.Signal("KILL");
        await load.UntilAsync(load.Responses + 2000);
        await StartAsync(1, next);
        await load.UntilAsync(MinRequests);
        await load.EndAsync();

        Assert.Empty(load.Failures.Take(5));
        Assert.InRange(load.Responses, MinRequests, int.MaxValue);
        Assert.Equal([$"{old.Version}", $"{next.Version}"], load.Versions.Keys.Order(StringComparer.Ordinal));
        Assert.All(await RequestsOfReplicasAsync(), count => Assert.NotEqual(0, count));
    }

    private static int[] ChoosePorts()
    {
        var ports = new HashSet<int>();
        while (ports.Count < 3) ports.Add(FreePort.Choose(null, IPAddress.Loopback, Random.Shared));
        return [.. ports];
    }

    private async Task StartAsync(int index, RegisteredModel model)
    {
        if (_replicas[index] is { } previous) await previous.DisposeAsync();
        var port = _ports[index].ToString(CultureInfo.InvariantCulture);
        _replicas[index] = ReplicaProcess.Start(
            ["--model", $"{model.Location}", "--store", trained.StoreFolder, "--port", port, "--drain", "0.5"]);
        await _replicas[index]!.WaitUntilReadyAsync();
    }

    private async Task<long[]> RequestsOfReplicasAsync() => await Task.WhenAll(_replicas.Select(async replica =>
    {
        using var http = LoopbackHttp.CreateClient(await replica!.Url);
        using var facts = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync("service"));
        return facts.RootElement.GetProperty("pictures").GetInt64();
    }));
}
