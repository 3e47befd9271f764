using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Client;

/// <summary>
/// Reads the JSON of ModelArts's protocol. Source-generated, because reflection is disabled in file-based apps.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PredictionBody))]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class ResponseJson : JsonSerializerContext
{
    /// <summary>Reads a prediction, <c>{"predicted_label":"2","scores":[["2","0.998"],…]}</c>.</summary>
    /// <exception cref="JsonException">The body is not JSON or not in this format.</exception>
    /// <exception cref="FormatException">A score is not a number.</exception>
    public static PredictionResponse ReadPrediction(ReadOnlySpan<byte> body)
    {
        var prediction = JsonSerializer.Deserialize(body, Default.PredictionBody) ?? throw new JsonException("The response is null.");
        return new PredictionResponse(prediction.PredictedLabel, [.. prediction.Scores.Select(ReadScore)]);
    }

    /// <summary>Reads an error, <c>{"error_code":"PR.0101","error_msg":"…"}</c>.</summary>
    /// <returns>The error; null if the body is not one.</returns>
    public static ErrorBody? ReadError(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, Default.ErrorBody);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static PredictionScore ReadScore(string[] pair) => pair is [var label, var score]
        ? new PredictionScore(label, double.Parse(score, NumberStyles.Float, CultureInfo.InvariantCulture))
        : throw new JsonException($"A score is a label and a probability, not {pair.Length} values.");
}

/// <summary>Represents the JSON of a prediction: the label, and pairs of a label and its probability.</summary>
internal sealed record PredictionBody(string PredictedLabel, string[][] Scores);

/// <summary>Represents the JSON of an error.</summary>
internal sealed record ErrorBody(string ErrorCode, string ErrorMsg);
