using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using MnistLab.Client;
using MnistLab.Models.Registry;
using MnistLab.Serving.Foreground;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests.Foreground;

/// <summary>Tests the service program as one of several replicas: started, probed, and stopped from outside.</summary>
public sealed class ForegroundTests(TrainedModel trained) : IAsyncLifetime
{
    private readonly ServiceLab _lab = new(trained);
    private readonly TemporaryFolder _temporary = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        _temporary.Dispose();
    }

    [Fact]
    public async Task Start_FromARegisteredVersion_VerifiesItAnswersAndLeavesNothing()
    {
        var model = await _lab.ImportAsync(ServiceLab.Answers("first"));
        await using var replica = Start(model, "--drain", "0");
        var url = await replica.WaitUntilReadyAsync();

        using (var client = new PredictionClient(url))
            Assert.Equal("first", (await client.PredictAsync(ServiceLab.Png(0))).PredictedLabel);
        Assert.Contains(replica.Log, line => line.Contains("files match their hashes", StringComparison.Ordinal));
        Assert.NotEmpty(Directory.GetDirectories(_temporary.Path, "mnistlab-serving-*"));
        replica.Terminate();

        Assert.Equal(ServiceExitCode.Stopped, await replica.WaitForExitAsync());
        Assert.Empty(Directory.GetDirectories(_temporary.Path, "mnistlab-serving-*"));
    }

    [Fact]
    public async Task Start_ByVariablesAlone_TakesThem()
    {
        var output = await trained.CopyAsync();
        await using var replica = ReplicaProcess.Start(
            [],
            (ServiceVariables.Model, output.ToString()),
            (ServiceVariables.Store, trained.StoreFolder),
            (ServiceVariables.Port, "0"),
            (ServiceVariables.GrpcPort, "0"),
            (ServiceVariables.Name, "renamed"),
            (ServiceVariables.Address, "0.0.0.0"),
            (ServiceVariables.Token, "a-token-of-the-test"));
        var listening = await replica.Url;
        var url = new UriBuilder(listening) { Host = "127.0.0.1" }.Uri;
        using var http = LoopbackHttp.CreateClient(url);
        await ServiceLab.UntilAsync(async () => (await http.GetAsync("health/ready")).IsSuccessStatusCode, "ready");

        Assert.Equal("0.0.0.0", listening.Host);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("v2/models/renamed")).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", "a-token-of-the-test");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("v2/models/renamed")).StatusCode);
        var facts = JsonNode.Parse(await http.GetStringAsync("service"))!;
        var grpcUrl = new Uri($"{facts["grpc_url"]}");
        Assert.Equal("127.0.0.1", grpcUrl.Host);
        using var client = new InferenceClient(grpcUrl);
        var question = new ModelReadyRequest { Name = "renamed" };
        var token = new Metadata { { "authorization", "Bearer a-token-of-the-test" } };
        Assert.True((await client.Service.ModelReadyAsync(question, token)).Ready);
        var withoutToken = await InferenceClient.FailureAsync(client.Service.ModelReadyAsync(question));
        Assert.Equal(StatusCode.Unauthenticated, withoutToken.StatusCode);
        Assert.DoesNotContain("a-token-of-the-test", replica.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_WhileTheModelIsLoaded_TellLiveFromStarted()
    {
        var slow = ServiceLab.Infers(
            $$"""while (!System.IO.File.Exists(@"{{_temporary["go"]}}")) System.Threading.Thread.Sleep(10);""");
        File.WriteAllText(_temporary["go"], "");
        var model = await _lab.ImportAsync(slow);
        File.Delete(_temporary["go"]);
        await using var replica = Start(model);
        using var http = LoopbackHttp.CreateClient(await replica.Url);

        var loading = await StatusesAsync(http);
        File.WriteAllText(_temporary["go"], "");
        await replica.WaitUntilReadyAsync();

        Assert.Equal((200, 503, 503, 503), loading);
        Assert.Equal((200, 200, 200, 200), await StatusesAsync(http));
    }

    [Fact]
    public async Task Terminate_UnderLoad_IsNotReadyBeforeItStopsAcceptingAndLosesNoRequest()
    {
        var model = await _lab.ImportAsync();
        await using var replica = Start(model, "--drain", "600");
        var url = await replica.WaitUntilReadyAsync();
        await using var load = new Load(url, options: new PredictionClientOptions { RetryFor = TimeSpan.Zero });
        await load.AnsweredAsync(50);

        replica.Terminate();
        await replica.LoggedAsync("Draining");
        using var http = LoopbackHttp.CreateClient(url);
        var draining = await StatusesAsync(http);
        await load.AnsweredAsync(50);
        await load.EndAsync();

        Assert.Equal((200, 200, 503, 503), draining);
        Assert.Empty(load.Errors);
        // Another signal ends the wait.
        replica.Signal("INT");
        Assert.Equal(ServiceExitCode.Stopped, await replica.WaitForExitAsync());
        Assert.Contains("Stopped; all requests were completed.", replica.Log[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_WithARequestUnderWay_FinishesIt()
    {
        var waits = ServiceLab.Infers(
            $$"""
            while (System.IO.File.Exists(@"{{_temporary["wait"]}}"))
            {
                System.IO.File.WriteAllText(@"{{_temporary["asked"]}}", "");
                System.Threading.Thread.Sleep(10);
            }
            """);
        var model = await _lab.ImportAsync(waits);
        await using var replica = Start(model, "--drain", "0");
        var url = await replica.WaitUntilReadyAsync();
        File.WriteAllText(_temporary["wait"], "");
        using var client = new PredictionClient(url, new PredictionClientOptions { RetryFor = TimeSpan.Zero });
        var prediction = client.PredictAsync(ServiceLab.Png(0));
        await ServiceLab.UntilAsync(() => Task.FromResult(File.Exists(_temporary["asked"])), "a request under way");

        replica.Terminate();
        await ServiceLab.UntilAsync(async () => !await IsListeningAsync(url), "a closed port");
        File.Delete(_temporary["wait"]);

        Assert.NotEmpty((await prediction).Scores);
        Assert.Equal(ServiceExitCode.Stopped, await replica.WaitForExitAsync());
    }

    [Fact]
    public async Task Log_AsJson_IsOneObjectALine()
    {
        var model = await _lab.ImportAsync(
            ServiceLab.Infers("""if (pixels[0] == 1) throw new System.InvalidOperationException("two\nlines");"""));
        await using var replica = Start(model, "--drain", "0", "--log-format", "json");
        var url = await replica.WaitUntilReadyAsync();
        using (var http = LoopbackHttp.CreateClient(url))
        {
            // Its inference code throws; the stack trace must be on the same line as its event.
            var pixels = string.Join(",", Enumerable.Repeat(1, 784));
            using var body = new StringContent(
                $$"""{"inputs":[{"name":"images","datatype":"FP32","shape":[1,1,28,28],"data":[{{pixels}}]}]}""");
            Assert.Equal(500, (int)(await http.PostAsync($"v2/models/{ServiceLab.Name}/infer", body)).StatusCode);
        }

        replica.Terminate();
        await replica.WaitForExitAsync();

        Assert.All(
            replica.Log, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        Assert.Contains(replica.Log, line => line.Contains(@"two\nlines", StringComparison.Ordinal));
        Assert.All(replica.Log, line => Assert.Contains("\"Timestamp\":\"2", line, StringComparison.Ordinal));
        Assert.Contains(replica.Log, line => line.Contains("Ready: digits 0.0.1", StringComparison.Ordinal));
    }

    private ReplicaProcess Start(RegisteredModel model, params string[] options) => ReplicaProcess.Start(
        ["--model", model.Location.ToString(), "--store", trained.StoreFolder, "--port", "0", .. options],
        ("TMPDIR", _temporary.Path));

    private static async Task<(int Live, int Startup, int Ready, int V2)> StatusesAsync(HttpClient http) => (
        await StatusAsync(http, "health/live"),
        await StatusAsync(http, "health/startup"),
        await StatusAsync(http, "health/ready"),
        await StatusAsync(http, "v2/health/ready"));

    private static async Task<int> StatusAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(path);
        return (int)response.StatusCode;
    }

    private static async Task<bool> IsListeningAsync(Uri url)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        try
        {
            await socket.ConnectAsync(url.Host, url.Port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
