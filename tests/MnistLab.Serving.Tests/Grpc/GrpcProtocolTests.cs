using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;

namespace MnistLab.Serving.Tests;

public sealed class GrpcProtocolTests(GrpcService service) : IClassFixture<GrpcService>
{
    // The published definition: methods with their messages, and fields with their numbers and types.
    private const string Published = """
        ServerLive(ServerLiveRequest) ServerLiveResponse
        ServerReady(ServerReadyRequest) ServerReadyResponse
        ModelReady(ModelReadyRequest) ModelReadyResponse
        ServerMetadata(ServerMetadataRequest) ServerMetadataResponse
        ModelMetadata(ModelMetadataRequest) ModelMetadataResponse
        ModelInfer(ModelInferRequest) ModelInferResponse
        ServerLiveResponse.live 1 bool
        ServerReadyResponse.ready 1 bool
        ModelReadyRequest.name 1 string
        ModelReadyRequest.version 2 string
        ModelReadyResponse.ready 1 bool
        ServerMetadataResponse.name 1 string
        ServerMetadataResponse.version 2 string
        ServerMetadataResponse.extensions 3 repeated string
        ModelMetadataRequest.name 1 string
        ModelMetadataRequest.version 2 string
        ModelMetadataResponse.TensorMetadata.name 1 string
        ModelMetadataResponse.TensorMetadata.datatype 2 string
        ModelMetadataResponse.TensorMetadata.shape 3 repeated int64
        ModelMetadataResponse.name 1 string
        ModelMetadataResponse.versions 2 repeated string
        ModelMetadataResponse.platform 3 string
        ModelMetadataResponse.inputs 4 repeated TensorMetadata
        ModelMetadataResponse.outputs 5 repeated TensorMetadata
        ModelMetadataResponse.properties 6 map<string, string>
        ModelInferRequest.InferInputTensor.name 1 string
        ModelInferRequest.InferInputTensor.datatype 2 string
        ModelInferRequest.InferInputTensor.shape 3 repeated int64
        ModelInferRequest.InferInputTensor.parameters 4 map<string, InferParameter>
        ModelInferRequest.InferInputTensor.contents 5 InferTensorContents
        ModelInferRequest.InferRequestedOutputTensor.name 1 string
        ModelInferRequest.InferRequestedOutputTensor.parameters 2 map<string, InferParameter>
        ModelInferRequest.model_name 1 string
        ModelInferRequest.model_version 2 string
        ModelInferRequest.id 3 string
        ModelInferRequest.parameters 4 map<string, InferParameter>
        ModelInferRequest.inputs 5 repeated InferInputTensor
        ModelInferRequest.outputs 6 repeated InferRequestedOutputTensor
        ModelInferRequest.raw_input_contents 7 repeated bytes
        ModelInferResponse.InferOutputTensor.name 1 string
        ModelInferResponse.InferOutputTensor.datatype 2 string
        ModelInferResponse.InferOutputTensor.shape 3 repeated int64
        ModelInferResponse.InferOutputTensor.parameters 4 map<string, InferParameter>
        ModelInferResponse.InferOutputTensor.contents 5 InferTensorContents
        ModelInferResponse.model_name 1 string
        ModelInferResponse.model_version 2 string
        ModelInferResponse.id 3 string
        ModelInferResponse.parameters 4 map<string, InferParameter>
        ModelInferResponse.outputs 5 repeated InferOutputTensor
        ModelInferResponse.raw_output_contents 6 repeated bytes
        InferParameter.bool_param 1 bool
        InferParameter.int64_param 2 int64
        InferParameter.string_param 3 string
        InferParameter.double_param 4 double
        InferParameter.uint64_param 5 uint64
        InferTensorContents.bool_contents 1 repeated bool
        InferTensorContents.int_contents 2 repeated int32
        InferTensorContents.int64_contents 3 repeated int64
        InferTensorContents.uint_contents 4 repeated uint32
        InferTensorContents.uint64_contents 5 repeated uint64
        InferTensorContents.fp32_contents 6 repeated float
        InferTensorContents.fp64_contents 7 repeated double
        InferTensorContents.bytes_contents 8 repeated bytes
        """;

    private readonly RunningApplication _running = service.Running;
    private readonly InferenceClient _client = service.Client;

    [Fact]
    public void Definition_OfTheService_IsThePublishedOne()
    {
        var file = GRPCInferenceService.Descriptor.File;
        var methods = GRPCInferenceService.Descriptor.Methods.Select(
            method => $"{method.Name}({method.InputType.Name}) {method.OutputType.Name}");
        var fields = file.MessageTypes.SelectMany(Fields);

        Assert.Equal("inference.GRPCInferenceService", GRPCInferenceService.Descriptor.FullName);
        Assert.Equal(
            Published.ReplaceLineEndings("\n").Split('\n').Order(StringComparer.Ordinal),
            methods.Concat(fields).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ModelInfer_TheImagesOfRest_SaysTheSameBitForBit()
    {
        for (var i = 0; i < 20; i++)
        {
            var pixels = RunningApplication.Pixels(i);

            var raw = await _client.Service.ModelInferAsync(InferenceClient.Raw(pixels, 1, 1, 28, 28));
            var typed = await _client.Service.ModelInferAsync(InferenceClient.Typed(pixels, 1, 784));
            var (label, logits, probabilities) = await InferByRestAsync(pixels);

            Assert.Equal(label, Assert.Single(InferenceClient.Labels(raw)));
            Assert.Equal(logits, InferenceClient.Floats(raw, "logits"));
            Assert.Equal(probabilities, InferenceClient.Floats(raw, "probabilities"));
            Assert.Empty(typed.RawOutputContents);
            Assert.Equal(label, Assert.Single(typed.Outputs[0].Contents.Int64Contents));
            Assert.Equal(probabilities, typed.Outputs[1].Contents.Fp32Contents);
            Assert.Equal(logits, typed.Outputs[2].Contents.Fp32Contents);
        }
    }

    [Fact]
    public async Task ModelInfer_ABatchWithOutputsChosen_HasTheseInOrder_WithItsId()
    {
        var request = InferenceClient.Raw([.. Enumerable.Range(0, 5).SelectMany(RunningApplication.Pixels)], 5, 28, 28);
        request.Id = "my \"request\"";
        request.ModelVersion = "0.0.1";
        request.Parameters["other"] = new InferParameter { BoolParam = true };
        request.Inputs[0].Parameters["other"] = new InferParameter { StringParam = "business" };
        foreach (var name in new[] { "logits", "label" })
            request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = name });

        var response = await _client.Service.ModelInferAsync(request);

        Assert.Equal(("digits", "0.0.1", "my \"request\""), (response.ModelName, response.ModelVersion, response.Id));
        Assert.Equal(
            [("logits", "FP32", "5,10"), ("label", "INT64", "5")],
            response.Outputs.Select(output => (output.Name, output.Datatype, string.Join(',', output.Shape))));
        Assert.Equal([200, 40], response.RawOutputContents.Select(bytes => bytes.Length));
        for (var i = 0; i < 5; i++)
        {
            var alone = await _client.Service.ModelInferAsync(InferenceClient.Raw(RunningApplication.Pixels(i), 1, 784));
            Assert.Equal(InferenceClient.Floats(alone, "logits"), InferenceClient.Floats(response, "logits").Skip(10 * i).Take(10));
        }
    }

    [Fact]
    public async Task ModelInfer_AsManyImagesAsAllowed_HasThemAll_AlsoUnpackedAndInAnyOrder()
    {
        var pixels = Enumerable.Range(0, 1024).SelectMany(i => RunningApplication.Pixels(i % 100)).ToArray();

        var raw = await _client.Service.ModelInferAsync(InferenceClient.Raw(pixels, 1024, 784));
        var typed = await _client.Service.ModelInferAsync(InferenceClient.Typed(pixels, 1024, 1, 28, 28));

        Assert.Equal(InferenceClient.Labels(raw), typed.Outputs[0].Contents.Int64Contents);
        Assert.Equal(InferenceClient.Labels(raw)[..100], InferenceClient.Labels(raw)[100..200]);
    }

    [Fact]
    public async Task Metadata_IsThatOfRest()
    {
        var server = await _client.Service.ServerMetadataAsync(new ServerMetadataRequest());
        var model = await _client.Service.ModelMetadataAsync(new ModelMetadataRequest { Name = "digits" });
        var rest = await JsonAsync("/v2/models/digits");

        Assert.True((await _client.Service.ServerLiveAsync(new ServerLiveRequest())).Live);
        Assert.True((await _client.Service.ServerReadyAsync(new ServerReadyRequest())).Ready);
        Assert.True((await _client.Service.ModelReadyAsync(new ModelReadyRequest { Name = "digits", Version = "0.0.1" })).Ready);
        Assert.Equal((await JsonAsync("/v2")).ToJsonString(), new JsonObject
        {
            ["name"] = server.Name,
            ["version"] = server.Version,
            ["extensions"] = new JsonArray([.. server.Extensions.Select(item => JsonValue.Create(item))])
        }.ToJsonString());
        Assert.Equal(($"{rest["name"]}", $"{rest["platform"]}"), (model.Name, model.Platform));
        Assert.Equal(rest["versions"]!.AsArray().Select(version => $"{version}"), model.Versions);
        foreach (var (tensors, name) in new[] { (model.Inputs, "inputs"), (model.Outputs, "outputs") })
            Assert.Equal(
                rest[name]!.AsArray().Select(Tensor),
                tensors.Select(tensor => (tensor.Name, tensor.Datatype, $"[{string.Join(',', tensor.Shape)}]")));
        Assert.Equal(rest["properties"]!["labels"]!.ToJsonString(), model.Properties["labels"]);
    }

    [Fact]
    public async Task Health_AndReflection_TellOfTheService()
    {
        var health = new Health.HealthClient(_client.Channel);
        using var reflection = new ServerReflection.ServerReflectionClient(_client.Channel).ServerReflectionInfo();

        foreach (var name in new[] { "", "inference.GRPCInferenceService" })
            Assert.Equal(
                HealthCheckResponse.Types.ServingStatus.Serving,
                (await health.CheckAsync(new HealthCheckRequest { Service = name })).Status);
        Assert.Equal(StatusCode.NotFound, (await InferenceClient.FailureAsync(
            health.CheckAsync(new HealthCheckRequest { Service = "other" }))).StatusCode);
        await reflection.RequestStream.WriteAsync(new ServerReflectionRequest { FileContainingSymbol = "inference.GRPCInferenceService" });
        Assert.True(await reflection.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(
            GRPCInferenceService.Descriptor.File.SerializedData,
            Assert.Single(reflection.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto));
        await reflection.RequestStream.CompleteAsync();
    }

    [Fact]
    public async Task Ports_OfRestAndGrpc_KeepToTheirProtocol()
    {
        using var http2 = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var metrics = await http2.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(
            _running.GrpcUrl!,
            "/metrics"))
        { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact });
        using var method = await _running.Http.PostAsync(InferenceMethods.InferPath, new ByteArrayContent([0,
            0,
            0,
            0,
            0])
        { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } });

        Assert.Equal("12", Assert.Single(metrics.Headers.GetValues("grpc-status")));
        Assert.Empty(await metrics.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NotFound, method.StatusCode);
        Assert.Contains("error_code", await method.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Fields(MessageDescriptor message)
    {
        var name = message.FullName["inference.".Length..];
        return message.Fields.InDeclarationOrder().Select(field => $"{name}.{field.Name} {field.FieldNumber} {TypeOf(field)}")
            .Concat(message.NestedTypes.Where(nested => !nested.IsMapEntry).SelectMany(Fields));
    }

    private static string TypeOf(FieldDescriptor field)
    {
        if (field.IsMap) return $"map<{TypeOf(field.MessageType.FindFieldByNumber(1))}, {TypeOf(field.MessageType.FindFieldByNumber(2))}>";
        var type = field.FieldType == FieldType.Message ? field.MessageType.Name : $"{field.FieldType}".ToLowerInvariant();
        return field.IsRepeated ? $"repeated {type}" : type;
    }

    private static (string Name, string Type, string Shape) Tensor(JsonNode? tensor) =>
        ($"{tensor!["name"]}", $"{tensor["datatype"]}", tensor["shape"]!.ToJsonString());

    private async Task<JsonNode> JsonAsync(string path) => JsonNode.Parse(await _running.Http.GetStringAsync(path))!;

    private async Task<(long Label, float[] Logits, float[] Probabilities)> InferByRestAsync(float[] pixels)
    {
        var json = new JsonObject
        {
            ["inputs"] = new JsonArray(new JsonObject
            {
                ["name"] = "images",
                ["shape"] = new JsonArray(1, 784),
                ["datatype"] = "FP32",
                ["data"] = new JsonArray([.. pixels.Select(pixel => JsonValue.Create(pixel))])
            }),
        };
        using var response = await _running.Http.PostAsync("/v2/models/digits/infer", new StringContent(json.ToJsonString()));
        var outputs = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["outputs"]!;
        return ((long)outputs[0]!["data"]![0]!, Numbers(outputs[2]!), Numbers(outputs[1]!));

        static float[] Numbers(JsonNode output) => [.. output["data"]!.AsArray().Select(number => (float)number!)];
    }
}
