using Microsoft.AspNetCore.Routing;
using MnistLab.Models;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Protocols.Rest;
using MnistLab.Serving.Requests;
using MnistLab.Serving.Responses;

namespace MnistLab.Serving.Protocols.ModelArts;

/// <summary>
/// Maps ModelArts's prediction endpoint: <c>POST /</c> with multipart/form-data and an image file in the field
/// <c>images</c>.
/// </summary>
internal static class PredictionEndpoint
{
    private const string Field = "images";

    public static void MapPrediction(this IEndpointRouteBuilder routes, RestCalls rest) =>
        rest.Map(routes, "/", ServiceProtocol.ModelArts, call => PredictAsync(rest.Pipeline, call));

    private static async Task PredictAsync(InferencePipeline pipeline, RestCall call)
    {
        using var body = await call.ReadBodyAsync();
        var image = body.Bytes[MultipartForm.FindFile(call.Context.Request.ContentType, body.Bytes.Span, Field)];
        using var lease = pipeline.Models.Acquire();
        var prediction = await pipeline.RunAsync(
            call, lease.Model, image, 1, static (service, bytes) => Validated(service.Predict(InferencePipeline.Open(bytes))));
        PredictionJson.Write(call.Buffer.Json, prediction);
        call.Buffer.WriteTo(call.Context.Response);
    }

    // Inference code may override the postprocessing and return anything.
    private static Prediction Validated(Prediction? prediction)
    {
        if (prediction is { PredictedLabel: not null, Scores: not null } && !prediction.Scores.Contains(null!)) return prediction;
        throw new InvalidOperationException("The inference code returned no prediction, or one without a label or scores.");
    }
}
