using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MnistLab.Serving.Tests;

public sealed class ProtocolTests(ProtocolTests.Running running, FastModel model) : IClassFixture<ProtocolTests.Running>
{
    private const string Infer = "/v2/models/digits/infer";
    private const string Predict = "/v1/models/digits:predict";

    private readonly RunningApplication _service = running.Service;

    [Fact]
    public async Task AllProtocols_TheSameDigits_SayTheSame()
    {
        const int Count = 40;
        var right = 0;
        for (var i = 0; i < Count; i++)
        {
            var (png, pixels) = (RunningApplication.Png(i), RunningApplication.Pixels(i));

            var modelArts = (await ReadAsync(await _service.Http.PostAsync("/", new MultipartFormDataContent
            {
                { new ByteArrayContent(png), "images", "digit.png" }
            })))["predicted_label"]!.ToString();
            var rows = await PostAsync(Predict, new JsonObject
            {
                ["instances"] = new JsonArray(Rows(pixels), new JsonObject { ["b64"] = Convert.ToBase64String(png) })
            });
            var columns = await PostAsync($"/v1/models/digits/versions/0.0.1:predict", new JsonObject
            {
                ["inputs"] = new JsonObject { ["images"] = new JsonArray(new JsonArray(Rows(pixels))) }
            });
            var flat = await PostAsync(Infer, InferJson(new JsonArray([.. pixels.Select(pixel => JsonValue.Create(pixel))]), 1, 1, 28, 28));
            var nested = await PostAsync("/v2/models/digits/versions/0.0.1/infer", InferJson(new JsonArray(Rows(pixels)), 1, 28, 28));
            var (binary, probabilities) = await InferBinaryAsync(pixels);

            string[] labels =
            [
                modelArts,
                $"{rows["predictions"]![0]!["label"]}",
                $"{rows["predictions"]![1]!["label"]}",
                $"{columns["outputs"]!["label"]![0]}",
                $"{Output(flat, "label")["data"]![0]}",
                $"{Output(nested, "label")["data"]![0]}",
                $"{binary}",
            ];
            Assert.All(labels, label => Assert.Equal(modelArts, label));
            Assert.Equal(Output(flat, "probabilities")["data"]!.AsArray().Select(value => (float)value!), probabilities);
            Assert.Equal(1, probabilities.Sum(), 1e-4);
            if (modelArts == $"{RunningApplication.Label(i)}") right++;
        }

        Assert.InRange(right, Count * 9 / 10, Count);
    }

    [Fact]
    public async Task Infer_ABatchWithOutputsChosen_AnswersTheseInOrder_WithItsId()
    {
        var pixels = Enumerable.Range(0, 5).SelectMany(RunningApplication.Pixels).ToArray();
        var request = InferJson(new JsonArray([.. pixels.Select(pixel => JsonValue.Create(pixel))]), 5, 784);
        request["id"] = "my-\"request\"";
        request["outputs"] = new JsonArray(new JsonObject { ["name"] = "logits" }, new JsonObject { ["name"] = "label" });

        var answer = await PostAsync(Infer, request);

        Assert.Equal(("digits", "0.0.1", "my-\"request\""), ($"{answer["model_name"]}", $"{answer["model_version"]}", $"{answer["id"]}"));
        Assert.Equal(["logits", "label"], answer["outputs"]!.AsArray().Select(output => $"{output!["name"]}"));
        Assert.Equal(
            ("FP32", "[5,10]", 50),
            ($"{answer["outputs"]![0]!["datatype"]}", answer["outputs"]![0]!["shape"]!.ToJsonString(), answer["outputs"]![0]!["data"]!.AsArray().Count));
        Assert.Equal(("INT64", "[5]"), ($"{answer["outputs"]![1]!["datatype"]}", answer["outputs"]![1]!["shape"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("/v2", """{"name":"mnistlab","version":"0.1.0","extensions":["binary_tensor_data"]}""")]
    [InlineData("/v2/health/live", """{"live":true}""")]
    [InlineData("/v2/health/ready", """{"ready":true}""")]
    [InlineData("/v2/models/digits/ready", """{"name":"digits","ready":true}""")]
    [InlineData("/v2/models/digits/versions/0.0.1/ready", """{"name":"digits","ready":true}""")]
    [InlineData("/v2/models/digits", """{"name":"digits","versions":["0.0.1"],"platform":"onnxruntime_onnx","inputs":[{"name":"images","datatype":"FP32","shape":[-1,1,28,28]}],"outputs":[{"name":"label","datatype":"INT64","shape":[-1]},{"name":"probabilities","datatype":"FP32","shape":[-1,10]},{"name":"logits","datatype":"FP32","shape":[-1,10]}],"properties":{"labels":["0","1","2","3","4","5","6","7","8","9"]}}""")]
    [InlineData("/v1/models", """{"models":["digits"]}""")]
    [InlineData("/v1/models/digits", """{"name":"digits","ready":true,"model_version_status":[{"version":"0.0.1","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}]}""")]
    [InlineData("/health/live", """{"status":"alive"}""")]
    [InlineData("/health/ready", """{"status":"ready"}""")]
    [InlineData("/", """{"status":"alive"}""")]
    public async Task Get_AnswersWhatTheProtocolSays(string path, string expected)
    {
        using var answer = await _service.Http.GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, expected), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        using var head = await _service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Fact]
    public async Task Metadata_OfTensorFlow_DescribesTheSignature()
    {
        var answer = await ReadAsync(await _service.Http.GetAsync("/v1/models/digits/metadata"));

        Assert.Equal("0.0.1", $"{answer["model_spec"]!["version"]}");
        var signature = answer["metadata"]!["signature_def"]!["signature_def"]!["serving_default"]!;
        Assert.Equal(["-1", "1", "28", "28"], signature["inputs"]!["images"]!["tensor_shape"]!["dim"]!
            .AsArray()
            .Select(dimension => $"{dimension!["size"]}"));
        Assert.Equal(["label", "probabilities", "logits"], signature["outputs"]!.AsObject().Select(output => output.Key));
        Assert.Equal("0123456789", string.Concat(answer["metadata"]!["labels"]!.AsArray()));
    }

    public static TheoryData<string, string, int, string> Mistakes => new()
    {
        { Predict, "", 400, "not JSON" },
        { Predict, "{", 400, "not JSON" },
        { Predict, "[]", 400, "JSON object" },
        { Predict, "{}", 400, "one of" },
        { Predict, """{"instances":[],"x":1}""", 400, "1 to 1024" },
        { Predict, """{"instances":[[1,2,3]]}""", 400, "shape" },
        { Predict, """{"instances":[[[1,2],[3]]]}""", 400, "different lengths: 2 and 1" },
        { Predict, """{"instances":[[1,[2]]]}""", 400, "mixed" },
        { Predict, """{"instances":[7]}""", 400, "28 × 28" },
        { Predict, """{"instances":[{"b64":"!"}]}""", 400, "Base64" },
        { Predict, """{"instances":[{"b64":"aGVsbG8="}]}""", 400, "not an image" },
        { Predict, """{"instances":[{"b64":"aGVsbG8="}],"inputs":[]}""", 400, "exactly one" },
        { Predict, """{"instances":[{"b64":"aGVsbG8="}]} x""", 400, "not JSON" },
        { Predict, """{"signature_name":"other"}""", 400, "signature_name" },
        { Predict, """{"inputs":{"other":[]}}""", 400, "only input" },
        { "/v1/models/other:predict", "{}", 404, "no model 'other'" },
        { "/v1/models/digits/versions/7:predict", "{}", 404, "no version '7'" },
        { Infer, "{", 400, "not JSON" },
        { Infer, "{}", 400, "no 'inputs'" },
        { Infer, """{"inputs":[]}""", 400, "one tensor" },
        { Infer, """{"inputs":[{"name":"other","shape":[1,784],"datatype":"FP32","data":[]}]}""", 400, "only input is 'images', not 'other'" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"datatype":"UINT8","data":[]}]}""", 400, "FP32, not UINT8" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,785],"datatype":"FP32","data":[]}]}""", 400, "[1, 785]" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","data":[1,2]}]}""", 400, "shape [2]" },
        { Infer, """{"inputs":[{"name":"images","shape":[99999,784],"datatype":"FP32","data":[1,2]}]}""", 400, "1 to 1024" },
        { Infer, """{"inputs":[{"name":"images","name":"images","shape":[1,784]}]}""", 400, "twice" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32"}]}""", 400, "needs 'data'" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","parameters":{"binary_data_size":3136}}]}""", 400, "0 bytes" },
        { Infer, """{"id":7,"inputs":[]}""", 400, "'id'" },
        { "/v2/models/other/infer", "{}", 404, "no model 'other'" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Post_AMistake_IsNamedInTheProtocolsShape(string path, string body, int status, string words)
    {
        using var answer = await _service.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        var json = await ReadAsync(answer);

        Assert.Equal((status, "error"), ((int)answer.StatusCode, Assert.Single(json.AsObject()).Key));
        Assert.Contains(words, $"{json["error"]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_PixelsOfBytes_AreRefusedWithTheReason()
    {
        var pixels = RunningApplication.Pixels(0).Select(pixel => pixel * 255);
        var answer = await _service.Http.PostAsync(
            Infer, Json(InferJson(new JsonArray([.. pixels.Select(pixel => JsonValue.Create(pixel))]), 1, 784)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Divide bytes by 255", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/none", 404, "error_code")]
    [InlineData("GET", "/v1/none", 404, "error")]
    [InlineData("GET", "/v2/models/other", 404, "error")]
    [InlineData("PUT", "/", 405, "error_code")]
    [InlineData("GET", "/v2/models/digits/infer", 405, "error")]
    [InlineData("DELETE", "/v1/models/digits", 405, "error")]
    public async Task Send_WhereNothingIs_AnswersInTheProtocolsShape(string method, string path, int status, string member)
    {
        using var answer = await _service.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(member, (await ReadAsync(answer)).AsObject().First().Key);
    }

    [Fact]
    public async Task Metrics_AfterCalls_CountThem()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);
        for (var i = 0; i < 3; i++)
            await service.Http.PostAsync("/", new MultipartFormDataContent
            {
                { new ByteArrayContent(RunningApplication.Png(i)), "images", "digit.png" }
            });
        await service.Http.PostAsync(Infer, new StringContent("{"));

        using var answer = await service.Http.GetAsync("/metrics");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", $"{answer.Content.Headers.ContentType}");
        Assert.Contains("mnistlab_requests_total{protocol=\"modelarts\",outcome=\"success\"} 3", lines);
        Assert.Contains("mnistlab_requests_total{protocol=\"open_inference\",outcome=\"refused\"} 1", lines);
        Assert.Contains("mnistlab_request_duration_seconds_bucket{protocol=\"modelarts\",le=\"+Inf\"} 3", lines);
        Assert.Contains("mnistlab_request_duration_seconds_count{protocol=\"modelarts\"} 3", lines);
        Assert.Contains("mnistlab_images_total 3", lines);
        Assert.Contains("mnistlab_queue_length 0", lines);
        Assert.Contains(lines, line => line.StartsWith("process_cpu_seconds_total ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("process_resident_memory_bytes ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("dotnet_gc_pause_time_seconds_total ", StringComparison.Ordinal));
        Assert.Contains(lines, line =>
            line.StartsWith("dotnet_gc_collections_total{gc_heap_generation=\"gen2\"} ", StringComparison.Ordinal));
        Assert.All(
            lines.Where(line => line.Length > 0 && line[0] != '#'),
            line => Assert.Matches(@"^[a-z_]+(\{[a-z_]+=""[^""]*""(,[a-z_]+=""[^""]*"")*\})? [0-9.eE+-]+$", line));
        var facts = await ReadAsync(await service.Http.GetAsync("/service"));
        Assert.Equal(("digits", "running", 3), ($"{facts["service"]}", $"{facts["status"]}", (int)facts["calls"]!["success"]!));
        Assert.Equal(
            "3,1",
            $"{facts["calls_per_minute"]!.AsArray().Sum(minute => (int)minute![0]!)},{facts["calls_per_minute"]!.AsArray().Sum(minute => (int)minute![1]!)}");
        Assert.Null(facts["grpc_url"]);
        Assert.Contains(facts["events"]!.AsArray(), item => $"{item!["message"]}".Contains("PR.0112", StringComparison.Ordinal));
    }

    private static JsonArray Rows(float[] pixels) =>
        new([.. pixels.Chunk(28).Select(row => new JsonArray([.. row.Select(pixel => JsonValue.Create(pixel))]))]);

    private static JsonObject InferJson(JsonArray data, params int[] shape) => new()
    {
        ["inputs"] = new JsonArray(new JsonObject
        {
            ["name"] = "images",
            ["shape"] = new JsonArray([.. shape.Select(size => JsonValue.Create(size))]),
            ["datatype"] = "FP32",
            ["data"] = data
        }),
    };

    private static StringContent Json(JsonNode json) => new(json.ToJsonString(), Encoding.UTF8, "application/json");

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    private static JsonNode Output(JsonNode answer, string name) =>
        answer["outputs"]!.AsArray().Single(output => $"{output!["name"]}" == name)!;

    private async Task<JsonNode> PostAsync(string path, JsonNode json)
    {
        using var answer = await _service.Http.PostAsync(path, Json(json));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<(long Label, float[] Probabilities)> InferBinaryAsync(float[] pixels)
    {
        var json =
            """{"inputs":[{"name":"images","shape":[1,1,28,28],"datatype":"FP32","parameters":{"binary_data_size":3136}}],"outputs":[{"name":"label","parameters":{"binary_data":true}},{"name":"probabilities","parameters":{"binary_data":true}}]}"""u8;
        var body = new byte[json.Length + 3136];
        json.CopyTo(body);
        for (var i = 0; i < pixels.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(body.AsSpan(json.Length + (4 * i)), pixels[i]);
        using var content = new ByteArrayContent(body) { Headers = { { "Inference-Header-Content-Length", $"{json.Length}" } } };
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await _service.Http.PostAsync(Infer, content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var length = int.Parse(Assert.Single(answer.Headers.TryGetValues("Inference-Header-Content-Length", out var values) ? values : []));
        using var header = JsonDocument.Parse(bytes.AsMemory(0, length));
        Assert.Equal([8, 40], header.RootElement
            .GetProperty("outputs")
            .EnumerateArray()
            .Select(output => output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32()));
        Assert.Equal(length + 48, bytes.Length);
        return (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(length)), [.. Enumerable
            .Range(0, 10)
            .Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(length + 8 + (4 * i))))]);
    }

    /// <summary>Represents one service for all tests of the class, which do not change its state.</summary>
    public sealed class Running(FastModel model) : IAsyncLifetime
    {
        internal RunningApplication Service { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Service = await RunningApplication.StartAsync(model.Package);

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }
}
