using Microsoft.AspNetCore.Routing;
using MnistLab.Models;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;
using MnistLab.Serving.Responses;

namespace MnistLab.Serving.Protocols.ModelArts;

/// <summary>ModelArts's way to ask for a prediction: <c>POST /</c>, multipart/form-data, the picture in the field <c>images</c>.</summary>
internal static class PredictionEndpoint
{
    private const string Field = "images";

    public static void MapPrediction(this IEndpointRouteBuilder routes, InferencePipeline calls) => calls.Map(routes, "/", ServiceProtocol.ModelArts, async (context, buffer) =>
    {
        using var body = await calls.ReadBodyAsync(context);
        var picture = body.Bytes[MultipartForm.FindFile(context.Request.ContentType, body.Bytes.Span, Field)];
        using var lease = calls.Models.Acquire();
        var prediction = await calls.RunAsync(
            context, lease.Model, picture, 1, static (service, bytes) => Validated(service.Predict(InferencePipeline.Open(bytes))));
        PredictionResponse.Write(buffer.Json, prediction);
        buffer.WriteTo(context.Response);
    });

    // Inference code may override the step that makes the prediction, and return anything.
    private static Prediction Validated(Prediction? prediction)
    {
        if (prediction is { PredictedLabel: not null, Scores: not null } && !prediction.Scores.Contains(null!)) return prediction;
        throw new InvalidOperationException("The inference code returned no prediction, or one without a label or scores.");
    }
}
