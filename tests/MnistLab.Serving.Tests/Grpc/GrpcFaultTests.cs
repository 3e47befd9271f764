using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;
using MnistLab.Serving.Requests;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>Tests faulty gRPC requests, and how they are reported.</summary>
public sealed class GrpcFaultTests(GrpcService shared, FastModel model) : IClassFixture<GrpcService>
{
    private const string Token = "a-token-of-the-test-0123";

    private static readonly float[] Zero = new float[784];

    public static TheoryData<string, StatusCode, string> Mistakes => new()
    {
        { "nothing", StatusCode.InvalidArgument, "has 0" },
        { "two inputs", StatusCode.InvalidArgument, "has 2" },
        { "other model", StatusCode.NotFound, "There is no model 'other' here. Served: digits 0.0.1." },
        { "other version", StatusCode.NotFound, "There is no version '7' of 'digits' here. Served: digits 0.0.1." },
        { "other input", StatusCode.InvalidArgument, "The model's only input is 'images', not 'other'." },
        { "bytes", StatusCode.InvalidArgument, "The datatype of 'images' must be FP32, not BYTES." },
        { "no type", StatusCode.InvalidArgument, "must be FP32, not missing" },
        { "no shape", StatusCode.InvalidArgument, "The shape of 'images' is missing." },
        { "wrong shape", StatusCode.InvalidArgument, "must be [N, 1, 28, 28], [N, 28, 28], or [N, 784], but is [1, 785]." },
        { "long shape", StatusCode.InvalidArgument, "more than 8 numbers" },
        { "negative shape", StatusCode.InvalidArgument, "non-negative integers" },
        { "no images", StatusCode.InvalidArgument, "1 to 1024 images, but holds 0" },
        { "too many images", StatusCode.InvalidArgument, "1 to 1024 images, but holds 1025" },
        { "short", StatusCode.InvalidArgument, "has 3132 bytes, but 1 × 784 float32 values take 3136" },
        { "few numbers", StatusCode.InvalidArgument, "'fp32_contents' has 2 numbers, but 1 × 784 pixels are 784." },
        { "many numbers", StatusCode.InvalidArgument, "'fp32_contents' has" },
        { "integers", StatusCode.InvalidArgument, "must be in 'fp32_contents'" },
        { "both", StatusCode.InvalidArgument, "either 'contents' or 'raw_input_contents', not both" },
        { "two raws", StatusCode.InvalidArgument, "has 2 elements" },
        { "out of range", StatusCode.InvalidArgument, "Divide bytes by 255." },
        { "not a number", StatusCode.InvalidArgument, "Pixels must be numbers" },
        { "other output", StatusCode.InvalidArgument, "The model has no output 'other'; its outputs are label, probabilities, logits." },
        { "output twice", StatusCode.InvalidArgument, "The output 'label' is requested twice." },
        { "long id", StatusCode.InvalidArgument, "'id' has more than 1024 characters." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task ModelInfer_AMistake_IsNamedAsRestNamesIt(string mistake, StatusCode code, string words)
    {
        var status = await InferenceClient.FailureAsync(shared.Client.Service.ModelInferAsync(Make(mistake)));

        Assert.Equal(code, status.StatusCode);
        Assert.Contains(words, status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelReady_OfAModelThatIsNotServed_IsNotFound()
    {
        var ready = await InferenceClient.FailureAsync(shared.Client.Service.ModelReadyAsync(new ModelReadyRequest { Name = "other" }));
        var metadata = await InferenceClient.FailureAsync(
            shared.Client.Service.ModelMetadataAsync(new ModelMetadataRequest { Name = "digits", Version = "7" }));

        Assert.Equal((StatusCode.NotFound, StatusCode.NotFound), (ready.StatusCode, metadata.StatusCode));
    }

    [Theory]
    [InlineData("00 00000003 FFFFFF", "3", "not a ModelInferRequest")]
    [InlineData("00 00000002 0A05", "3", "not a ModelInferRequest")]
    [InlineData("00 00000003 0A01FF", "3", "not UTF-8")]
    [InlineData("00 00000001 78", "3", "truncated")]
    [InlineData("00 00000001 7B", "3", "unknown type")]
    [InlineData("07 00000000", "3", "not a gRPC message")]
    [InlineData("00 7FFFFFFF 00", "8", "larger than 12 MB")]
    [InlineData("01 00000001 00", "12", "")]
    [InlineData("00 00000009 00", "13", "Incomplete message")]
    public async Task ModelInfer_BytesThatAreNoMessage_AreRejected_AndTheServiceGoesOn(string hex, string code, string words)
    {
        using var response = await SendAsync(
            Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)),
            hex.StartsWith("01", StringComparison.Ordinal) ? "gzip" : null);

        Assert.Equal(code, StatusOf(response, "grpc-status"));
        Assert.Contains(words, Uri.UnescapeDataString(StatusOf(response, "grpc-message")), StringComparison.Ordinal);
        Assert.Single(InferenceClient.Labels(await shared.Client.Service.ModelInferAsync(InferenceClient.Raw(Zero, 1, 784))));
    }

    [Fact]
    public async Task Call_WithoutTheSecret_IsUnauthenticated_ExceptForHealth()
    {
        await using var service = await RunningApplication.StartAsync(model.Package, new AccessSettings(Token: Token), grpcPort: 0);
        using var client = new InferenceClient(service.GrpcUrl!);
        var request = InferenceClient.Raw(Zero, 1, 784);

        foreach (var headers in new Metadata?[] { null, new Metadata
        {
            { "authorization", "Bearer wrong-token-of-the-test" }
        }, new Metadata { { "x-auth-token", "wrong" } } })
        {
            var status = await InferenceClient.FailureAsync(client.Service.ModelInferAsync(request, headers));
            Assert.Equal(StatusCode.Unauthenticated, status.StatusCode);
            Assert.StartsWith("The request carries no valid token", status.Detail, StringComparison.Ordinal);
        }

        Assert.Equal(
            StatusCode.Unauthenticated,
            (await InferenceClient.FailureAsync(client.Service.ServerMetadataAsync(new()))).StatusCode);
        Assert.Single(InferenceClient.Labels(
            await client.Service.ModelInferAsync(request, new Metadata { { "authorization", $"Bearer {Token}" } })));
        Assert.Single(InferenceClient.Labels(await client.Service.ModelInferAsync(request, new Metadata { { "x-auth-token", Token } })));
        Assert.True((await client.Service.ServerReadyAsync(new())).Ready);
        Assert.Equal(1, (int)(await new Grpc.Health.V1.Health.HealthClient(client.Channel).CheckAsync(new())).Status);
    }

    [Fact]
    public async Task ModelInfer_AMessageThatIsTooLarge_IsRejectedInTheWordsOfRest()
    {
        var request = InferenceClient.Raw(Zero, 1, 784);
        request.RawInputContents[0] = ByteString.CopyFrom(new byte[ServiceLimits.MaxBodyBytes]);

        var status = await InferenceClient.FailureAsync(shared.Client.Service.ModelInferAsync(request));
        var other = await InferenceClient.FailureAsync(
            shared.Client.Service.ModelReadyAsync(new() { Name = new string('x', ServiceLimits.SmallBodyBytes) }));

        Assert.Equal((StatusCode.ResourceExhausted, RequestBody.TooLarge().Message), (status.StatusCode, status.Detail));
        Assert.Equal(StatusCode.ResourceExhausted, other.StatusCode);
    }

    [Fact]
    public async Task ModelInfer_WhileAllTurnsAreTaken_WaitsUntilItsDeadlineOrCancellation_OrIsRejectedAtOnce()
    {
        await using var service = await RunningApplication.StartAsync(model.Package, grpcPort: 0);
        using var client = new InferenceClient(service.GrpcUrl!);
        var (limiter, metrics) =
            (service.Services.GetRequiredService<InferenceLimiter>(), service.Services.GetRequiredService<ServiceMetrics>());
        var request = InferenceClient.Raw(Zero, 1, 784);
        await client.Service.ModelInferAsync(request);
        var turns = new List<IDisposable>();
        for (var i = 0; i < Environment.ProcessorCount; i++) turns.Add(await limiter.EnterAsync(CancellationToken.None));

        var waitsForItsDeadline = client.Service.ModelInferAsync(request, deadline: DateTime.UtcNow.AddSeconds(3));
        await ServiceLab.UntilAsync(() => Task.FromResult(limiter.Waiting == 1), "a call waits");
        var late = await InferenceClient.FailureAsync(waitsForItsDeadline);
        await ServiceLab.UntilAsync(() => Task.FromResult(limiter.Waiting == 0), "no call waits");
        using var cancellation = new CancellationTokenSource();
        var canceled = client.Service.ModelInferAsync(request, cancellationToken: cancellation.Token);
        await ServiceLab.UntilAsync(() => Task.FromResult(limiter.Waiting == 1), "a call waits");
        await cancellation.CancelAsync();
        await ServiceLab.UntilAsync(() => Task.FromResult(limiter.Waiting == 0), "no call waits");
        // As many calls as may wait, over three connections, because a connection has at most a hundred concurrent
        // calls.
        InferenceClient[] others = [new(service.GrpcUrl!), new(service.GrpcUrl!), new(service.GrpcUrl!)];
        var waiting = Enumerable
            .Range(0, ServiceLimits.MaxWaiting)
            .Select(i => others[i % 3].Service.ModelInferAsync(request).ResponseAsync)
            .ToList();
        await ServiceLab.UntilAsync(() => Task.FromResult(limiter.Waiting == ServiceLimits.MaxWaiting), "as many wait as may");
        var full = await InferenceClient.FailureAsync(client.Service.ModelInferAsync(request));
        foreach (var turn in turns) turn.Dispose();

        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        Assert.Equal(StatusCode.Cancelled, (await InferenceClient.FailureAsync(canceled)).StatusCode);
        Assert.Equal((StatusCode.ResourceExhausted, "Too many requests are waiting; retry in a second."), (full.StatusCode, full.Detail));
        await Task.WhenAll(waiting);
        foreach (var other in others) other.Dispose();
        await ServiceLab.UntilAsync(
            () => Task.FromResult(metrics.Calls(ServiceProtocol.OpenInferenceGrpc, CallOutcome.Abandoned) == 2),
            "two calls were abandoned");
        Assert.Equal(1 + ServiceLimits.MaxWaiting, metrics.Calls(ServiceProtocol.OpenInferenceGrpc, CallOutcome.Success));
    }

    [Fact]
    public async Task ModelInfer_CodeThatTakesTooLong_IsEndedWithTheWordsOfRest_AndCounted()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(model.Package).Where(file => Path.GetExtension(file) is not ".cs"))
            File.Copy(file, folder[Path.GetFileName(file)]);
        await File.WriteAllTextAsync(folder["customize_service.cs"], ServiceLab.Infers(
            "if (pixels[0] > 0.5f) System.Threading.Thread.Sleep(3500); if (pixels[1] > 0.5f) throw new System.IO.IOException(\"secret\");"));
        await using var service = await RunningApplication.StartAsync(folder.Path, predictionLimit: TimeSpan.FromSeconds(2), grpcPort: 0);
        using var client = new InferenceClient(service.GrpcUrl!);
        var (slow, failing) = (new float[784], new float[784]);
        (slow[0], failing[1]) = (1, 1);

        var late = await InferenceClient.FailureAsync(client.Service.ModelInferAsync(InferenceClient.Raw(slow, 1, 784)));
        var failed = await InferenceClient.FailureAsync(client.Service.ModelInferAsync(InferenceClient.Raw(failing, 1, 784)));
        var next = await client.Service.ModelInferAsync(InferenceClient.Raw(Zero, 1, 784));

        Assert.Equal(
            (StatusCode.DeadlineExceeded, "The prediction timed out after 2 s: the model's inference code is too slow."),
            (late.StatusCode, late.Detail));
        Assert.Equal(
            (StatusCode.Internal, "The model's inference code failed on this request. See the service's log for the cause."),
            (failed.StatusCode, failed.Detail));
        Assert.Single(InferenceClient.Labels(next));
        var metrics = service.Services.GetRequiredService<ServiceMetrics>();
        await ServiceLab.UntilAsync(
            () => Task.FromResult(metrics.Calls(ServiceProtocol.OpenInferenceGrpc, CallOutcome.Failure) == 2),
            "two calls failed");
        Assert.Equal(1, metrics.Calls(ServiceProtocol.OpenInferenceGrpc, CallOutcome.Success));
    }

    private static ModelInferRequest Make(string mistake)
    {
        var request = InferenceClient.Raw(Zero, 1, 784);
        var input = request.Inputs[0];
        switch (mistake)
        {
            case "nothing": return new ModelInferRequest { ModelName = "digits" };
            case "two inputs": request.Inputs.Add(input.Clone()); return request;
            case "other model": request.ModelName = "other"; return request;
            case "other version": request.ModelVersion = "7"; return request;
            case "other input": input.Name = "other"; return request;
            case "bytes": input.Datatype = "BYTES"; return request;
            case "no type": input.Datatype = ""; return request;
            case "no shape": input.Shape.Clear(); return request;
            case "wrong shape": input.Shape[1] = 785; return request;
            case "long shape": input.Shape.AddRange(Enumerable.Repeat(1L, 7)); return request;
            case "negative shape": input.Shape[0] = -1; return request;
            case "no images": input.Shape[0] = 0; return request;
            case "too many images": input.Shape[0] = 1025; return request;
            case "short": request.RawInputContents[0] = ByteString.CopyFrom(new byte[3132]); return request;
            case "few numbers": return InferenceClient.Typed([0, 0], 1, 784);
            case "many numbers": return InferenceClient.Typed(new float[9000], 1, 784);
            case "integers": return WithIntegers(InferenceClient.Typed([], 1, 784));
            case "both": input.Contents = new InferTensorContents { Fp32Contents = { Zero } }; return request;
            case "two raws": request.RawInputContents.Add(request.RawInputContents[0]); return request;
            case "out of range": return InferenceClient.Raw([.. Zero[1..], 255], 1, 784);
            case "not a number": return InferenceClient.Typed([.. Zero[1..], float.NaN], 1, 784);
            case "other output":
                request.Outputs.Add(
                new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "other" }); return request;
            case "output twice": request.Outputs.AddRange([Label(), Label()]); return request;
            case "long id": request.Id = new string('x', 1025); return request;
            default: throw new ArgumentException(mistake);
        }

        static ModelInferRequest WithIntegers(ModelInferRequest request)
        {
            request.Inputs[0].Contents.IntContents.Add(1);
            return request;
        }

        static ModelInferRequest.Types.InferRequestedOutputTensor Label() => new() { Name = "label" };
    }

    private static string StatusOf(HttpResponseMessage response, string name) =>
        (response.Headers.TryGetValues(name, out var values) || response.TrailingHeaders.TryGetValues(name, out values))
            ? Assert.Single(values)
            : "";

    private async Task<HttpResponseMessage> SendAsync(byte[] body, string? encoding)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(shared.Running.GrpcUrl!, InferenceMethods.InferPath))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.Add("TE", "trailers");
        if (encoding is not null) request.Headers.Add("grpc-encoding", encoding);
        return await http.SendAsync(request);
    }
}
