using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Protocols.Rest;
using MnistLab.Serving.Protocols.Tensors;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.OpenInference;

/// <summary>
/// Maps the endpoints of the Open Inference Protocol, version 2, with the binary tensor extension, at <c>/v2</c>.
/// </summary>
internal static class OpenInferenceEndpoints
{
    private const string JsonLengthHeader = "Inference-Header-Content-Length";

    public static void MapOpenInference(this IEndpointRouteBuilder routes, RestCalls rest, RunSettings settings)
    {
        var (pipeline, models) = (rest.Pipeline, rest.Pipeline.Models);
        routes.MapRead("/v2", (_, buffer) => Server(buffer.Json));
        routes.MapRead("/v2/health/live", (_, buffer) => Flag(buffer.Json, null, "live"u8, true)).AllowAnonymous();
        routes.MapRead("/v2/health/ready", (_, buffer) => Flag(buffer.Json, null, "ready"u8, models.AcceptsRequests))
            .AllowAnonymous();
        foreach (var model in new[] { "/v2/models/{model}", "/v2/models/{model}/versions/{version}" })
        {
            rest.Map(routes, model + "/infer", ServiceProtocol.OpenInference, call => InferAsync(pipeline, call));
            routes.MapRead(model, (context, buffer) => Metadata(models, settings, context, buffer.Json));
            routes.MapRead(model + "/ready", (context, buffer) =>
            {
                var isLoaded = NamedModel.Versions(models, settings, context).Count > 0;
                return Flag(buffer.Json, (string)context.GetRouteValue("model")!, "ready"u8, isLoaded && !models.IsDraining);
            });
        }
    }

    private static async Task InferAsync(InferencePipeline pipeline, RestCall call)
    {
        var response = call.Context.Response;
        using var lease = NamedModel.Acquire(pipeline.Models, call.Context);
        using var body = await call.ReadBodyAsync();
        var request = InferRequest.Read(body.Bytes, JsonLength(call.Context.Request));
        var inference = await pipeline.RunAsync(
            call, lease.Model, request, request.Pictures, static (service, request) => Inference.Compute(service, request.Pixels));
        if (InferResponse.Write(call.Buffer, lease.Model.Version, request, inference) is { } jsonLength)
        {
            response.Headers[JsonLengthHeader] = jsonLength.ToString(CultureInfo.InvariantCulture);
            call.Buffer.WriteTo(response, "application/octet-stream");
        }
        else
        {
            call.Buffer.WriteTo(response);
        }
    }

    private static int? JsonLength(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(JsonLengthHeader, out var values)) return null;
        return values.Count == 1 && int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : throw TensorErrors.Malformed($"{JsonLengthHeader} must be one number: the length in bytes of the JSON in the body.");
    }

    private static int Server(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, ServerInformation.Name);
        json.WriteString("version"u8, ServerInformation.Version);
        json.WriteStartArray("extensions"u8);
        json.WriteStringValue(ServerInformation.BinaryTensors);
        json.WriteEndArray();
        json.WriteEndObject();
        return StatusCodes.Status200OK;
    }

    private static int Flag(Utf8JsonWriter json, string? model, ReadOnlySpan<byte> name, bool value)
    {
        json.WriteStartObject();
        if (model is not null) json.WriteString("name"u8, model);
        json.WriteBoolean(name, value);
        json.WriteEndObject();
        return value ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
    }

    private static int Metadata(ServedModels models, RunSettings settings, HttpContext context, Utf8JsonWriter json)
    {
        var versions = NamedModel.Versions(models, settings, context);
        if (versions.Count == 0) throw NamedModel.NotReady();
        var labels = NamedModel.Labels(models, versions[0]);
        json.WriteStartObject();
        json.WriteString("name"u8, versions[0].Model);
        json.WriteStrings("versions"u8, versions.Select(version => version.Version.ToString()));
        json.WriteString("platform"u8, ServerInformation.Platform);
        json.WriteStartArray("inputs"u8);
        WriteTensor(json, ModelSignature.Input, "FP32", -1, 1, 28, 28);
        json.WriteEndArray();
        json.WriteStartArray("outputs"u8);
        WriteTensor(json, ModelSignature.Label, "INT64", -1);
        WriteTensor(json, ModelSignature.Probabilities, "FP32", -1, labels.Count);
        WriteTensor(json, ModelSignature.Logits, "FP32", -1, labels.Count);
        json.WriteEndArray();
        json.WriteStartObject("properties"u8);
        json.WriteStrings("labels"u8, labels);
        json.WriteEndObject();
        json.WriteEndObject();
        return StatusCodes.Status200OK;
    }

    private static void WriteTensor(Utf8JsonWriter json, string name, string type, params ReadOnlySpan<int> shape)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("datatype"u8, type);
        json.WriteStartArray("shape"u8);
        foreach (var size in shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
