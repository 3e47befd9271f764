using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Tests requests as well-known clients of the protocols send them, and errors that must remain errors, such as a wrong
/// type.
/// </summary>
public sealed class LenientRequestTests(ProtocolTests.Running running) : IClassFixture<ProtocolTests.Running>
{
    private const string Predict = "/v1/models/digits:predict";
    private const string Infer = "/v2/models/digits/infer";
    private static readonly string Pixels = string.Join(",", RunningApplication.Pixels(0));
    private static readonly string Label = $"{RunningApplication.Label(0)}";

    public static TheoryData<string, string> Accepted => new()
    {
        { "KServe's client", """{"id":"2ba64c2b","model_name":"digits","inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","data":[…]}],"outputs":[{"name":"label"}]}""" },
        { "KServe's client with parameters", """{"id":"1","model_name":"digits","inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","parameters":{"content_type":"np"},"data":[…]}],"parameters":{"binary_data_output":false,"priority":1}}""" },
        { "a request of KServe as a dictionary", """{"id":null,"model_name":"digits","inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","data":[…],"parameters":null}],"parameters":null,"from_grpc":false}""" },
        { "no outputs chosen", """{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","data":[…]}],"outputs":null}""" },
        { "an empty list of outputs", """{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","data":[…]}],"outputs":[]}""" },
        { "outputs with more than is known", """{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","data":[…]}],"outputs":[{"name":"label","shape":[1],"datatype":"INT64","parameters":null,"data":[]}]}""" },
        { "the data before everything else", """{"inputs":[{"data":[…],"parameters":{},"shape":[1,784],"datatype":"FP32","name":"images"}]}""" },
        { "a datatype in lower case", """{"inputs":[{"name":"images","shape":[1,784],"datatype":"fp32","data":[…]}]}""" },
        { "unknown members of every type", """{"a":{"b":[1,{"c":null}]},"inputs":[{"x":[[1]],"name":"images","shape":[1,784],"datatype":"FP32","data":[…],"y":"z"}],"model_version":"0.0.1","d":1.5}""" },
    };

    public static TheoryData<string, string> AcceptedByTensorFlow => new()
    {
        { "an empty signature name", """{"signature_name":"","instances":[[…]]}""" },
        { "the default signature name", """{"instances":[[…]],"signature_name":"serving_default"}""" },
        { "KServe's first protocol with more members", """{"id":"1","instances":[[…]],"parameters":{"a":[1]},"model_name":"digits"}""" },
        { "unknown members before and after", """{"context":{"a":null},"instances":[{"images":[…]}],"examples":[]}""" },
    };

    public static TheoryData<string, string, string> Rejected => new()
    {
        { Infer, """{"inputs":[{"name":"images","shape":[1],"datatype":"BYTES","data":["iVBORw0KGgo="]}]}""", "must be FP32, not BYTES" },
        { Infer, """{"inputs":[{"name":"images","data":["iVBORw0KGgo="],"shape":[1],"datatype":"BYTES"}]}""", "must be FP32, not BYTES" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"datatype":"UINT8","data":["a"]}]}""", "must be FP32, not UINT8" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"data":[1]}]}""", "must be FP32, not missing" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","data":["a"]}]}""", "not a number" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","data":null}]}""", "needs 'data'" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","data":7}]}""", "'data' must be a list" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","data":[1],"data":[1]}]}""", "'data' is given twice" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"datatype":7,"data":[1]}]}""", "'datatype' must be a string" },
        { Infer, """{"inputs":[{"name":null,"shape":[1,784],"datatype":"FP32","data":[1]}]}""", "'name' must be a string" },
        { Infer, """{"inputs":[{"name":"images","shape":"1","datatype":"FP32","data":[1]}]}""", "'shape' must be a list" },
        { Infer, """{"inputs":null}""", "one tensor" },
        { Infer, """{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","parameters":[]}]}""", "'parameters' must be an object" },
        { Infer, """{"parameters":{"binary_data_output":"yes"},"inputs":[]}""", "wrong type" },
        { Infer, """{"id":7,"inputs":[]}""", "'id' must be a string" },
        { Infer, """{"outputs":{},"inputs":[]}""", "'outputs' must be a list" },
        { Infer, """{"outputs":[{"name":null}],"inputs":[]}""", "'name' must be a string" },
        { Predict, """{"signature_name":null,"instances":[[1]]}""", "signature_name" },
        { Predict, """{"signature_name":"other","instances":[[1]]}""", "signature_name" },
        { Predict, """{"instances":null}""", "'instances' must be a list" },
        { Predict, """{"instances":["a"]}""", "28 × 28" },
        { Predict, """{"examples":[]}""", "one of 'instances' and 'inputs'" },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task Infer_ARequestOfAnotherServersClient_IsAnswered(string client, string body)
    {
        var (status, json) = await PostAsync(Infer, body);

        Assert.Equal((client, HttpStatusCode.OK), (client, status));
        Assert.Equal(Label, $"{json["outputs"]!.AsArray().Single(output => $"{output!["name"]}" == "label")!["data"]![0]}");
    }

    [Theory]
    [MemberData(nameof(AcceptedByTensorFlow))]
    public async Task Predict_ARequestThatTensorFlowServingAccepts_IsAnswered(string client, string body)
    {
        var (status, json) = await PostAsync(Predict, body);

        Assert.Equal((client, HttpStatusCode.OK), (client, status));
        Assert.Equal(Label, $"{json["predictions"]![0]!["label"]}");
    }

    [Theory]
    [MemberData(nameof(Rejected))]
    public async Task Post_AWrongType_IsNamed(string path, string body, string words)
    {
        var (status, json) = await PostAsync(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(words, $"{json["error"]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_BinaryDataOfKServesClient_IsAnsweredWithItsId()
    {
        var json = Encoding.UTF8.GetBytes(
            """{"id":"5c8a","model_name":"digits","inputs":[{"name":"images","shape":[1,1,28,28],"datatype":"FP32","data":null,"parameters":{"binary_data_size":3136}}]}""");
        var body = new byte[json.Length + 3136];
        json.CopyTo(body, 0);
        var pixels = RunningApplication.Pixels(0);
        for (var i = 0; i < pixels.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(body.AsSpan(json.Length + (4 * i)), pixels[i]);
        using var content = new ByteArrayContent(body) { Headers = { { "Inference-Header-Content-Length", $"{json.Length}" } } };
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");

        using var response = await running.Service.Http.PostAsync(Infer, content);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal((HttpStatusCode.OK, "5c8a"), (response.StatusCode, $"{answer["id"]}"));
        Assert.Equal(Label, $"{answer["outputs"]![0]!["data"]![0]}");
    }

    private async Task<(HttpStatusCode Status, JsonNode Json)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body.Replace("…", Pixels, StringComparison.Ordinal), Encoding.UTF8, "application/json");
        using var response = await running.Service.Http.PostAsync(path, content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
