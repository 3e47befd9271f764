using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Protocols.Rest;
using MnistLab.Serving.Protocols.Tensors;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.TensorFlow;

/// <summary>
/// Maps the endpoints of TensorFlow Serving's REST API, which is also version 1 of KServe's protocol: <c>POST
/// /v1/models/{m}:predict</c>, and the status and metadata of a model.
/// </summary>
internal static class TensorFlowEndpoints
{
    public static void MapTensorFlow(this IEndpointRouteBuilder routes, RestCalls rest, RunSettings settings)
    {
        var (pipeline, models) = (rest.Pipeline, rest.Pipeline.Models);
        foreach (var model in new[] { "/v1/models/{model}", "/v1/models/{model}/versions/{version}" })
        {
            rest.Map(routes, model + ":predict", ServiceProtocol.TensorFlow, call => PredictAsync(pipeline, call));
            routes.MapRead(model, (context, buffer) => Status(models, settings, context, buffer));
            routes.MapRead(model + "/metadata", (context, buffer) => Metadata(models, settings, context, buffer));
        }

        routes.MapRead("/v1/models", (_, buffer) =>
        {
            var json = buffer.Json;
            json.WriteStartObject();
            json.WriteStartArray("models"u8);
            foreach (var model in (models.IsReady ? models.Current : settings.Models).Select(version => version.Model).Distinct())
                json.WriteStringValue(model);
            json.WriteEndArray();
            json.WriteEndObject();
            return StatusCodes.Status200OK;
        });
    }

    private static async Task PredictAsync(InferencePipeline pipeline, RestCall call)
    {
        using var lease = NamedModel.Acquire(pipeline.Models, call.Context);
        using var body = await call.ReadBodyAsync();
        var request = PredictRequest.Read(body.Bytes.Span);
        var inference = await pipeline.RunAsync(
            call, lease.Model, request, request.Pictures.Count,
            static (service, request) => Inference.Compute(service, [.. request.Pictures.Select(picture => picture.Read(service))]));
        PredictResponse.Write(call.Buffer.Json, inference, request.IsRows);
        call.Buffer.WriteTo(call.Context.Response);
    }

    /// <summary>Writes whether the model is ready, in the formats of both TensorFlow Serving and KServe.</summary>
    private static int Status(ServedModels models, RunSettings settings, HttpContext context, ResponseBuffer buffer)
    {
        var versions = NamedModel.Versions(models, settings, context);
        var isReady = versions.Count > 0;
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteString("name"u8, (string)context.GetRouteValue("model")!);
        json.WriteBoolean("ready"u8, isReady);
        json.WriteStartArray("model_version_status"u8);
        foreach (var version in isReady ? versions : settings.Models)
        {
            json.WriteStartObject();
            json.WriteString("version"u8, version.Version.ToString());
            json.WriteString("state"u8, isReady ? "AVAILABLE" : "LOADING");
            json.WriteStartObject("status"u8);
            json.WriteString("error_code"u8, "OK");
            json.WriteString("error_message"u8, "");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
    }

    private static int Metadata(ServedModels models, RunSettings settings, HttpContext context, ResponseBuffer buffer)
    {
        var versions = NamedModel.Versions(models, settings, context);
        if (versions.Count == 0) throw NamedModel.NotReady();
        var labels = NamedModel.Labels(models, versions[0]);
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteStartObject("model_spec"u8);
        json.WriteString("name"u8, versions[0].Model);
        json.WriteString("signature_name"u8, "");
        json.WriteString("version"u8, versions.MaxBy(version => version.Version)!.Version.ToString());
        json.WriteEndObject();
        json.WriteStartObject("metadata"u8);
        json.WriteStartObject("signature_def"u8);
        json.WriteStartObject("signature_def"u8);
        json.WriteStartObject("serving_default"u8);
        json.WriteStartObject("inputs"u8);
        WriteTensor(json, ModelSignature.Input, "DT_FLOAT", -1, 1, 28, 28);
        json.WriteEndObject();
        json.WriteStartObject("outputs"u8);
        WriteTensor(json, ModelSignature.Label, "DT_INT64", -1);
        WriteTensor(json, ModelSignature.Probabilities, "DT_FLOAT", -1, labels.Count);
        WriteTensor(json, ModelSignature.Logits, "DT_FLOAT", -1, labels.Count);
        json.WriteEndObject();
        json.WriteString("method_name"u8, "tensorflow/serving/predict");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStrings("labels"u8, labels);
        json.WriteEndObject();
        json.WriteEndObject();
        return StatusCodes.Status200OK;
    }

    // TensorFlow Serving writes the sizes of a TensorInfo as strings.
    private static void WriteTensor(Utf8JsonWriter json, string name, string type, params ReadOnlySpan<int> shape)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype"u8, type);
        json.WriteStartObject("tensor_shape"u8);
        json.WriteStartArray("dim"u8);
        foreach (var size in shape)
        {
            json.WriteStartObject();
            json.WriteString("size"u8, FormattableString.Invariant($"{size}"));
            json.WriteString("name"u8, "");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("unknown_rank"u8, false);
        json.WriteEndObject();
        json.WriteString("name"u8, name);
        json.WriteEndObject();
    }
}
