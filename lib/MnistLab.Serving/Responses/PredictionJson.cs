using System.Globalization;
using System.Text.Json;
using MnistLab.Models;

namespace MnistLab.Serving.Responses;

/// <summary>
/// Writes the response to a prediction request in the format of ModelArts:
/// <c>{"predicted_label":"2","scores":[["2","0.998"],…]}</c>.
/// </summary>
internal static class PredictionJson
{
    public static void Write(Utf8JsonWriter json, Prediction prediction)
    {
        Span<byte> digits = stackalloc byte[32];
        json.WriteStartObject();
        json.WriteString("predicted_label"u8, prediction.PredictedLabel);
        json.WriteStartArray("scores"u8);
        for (var i = 0; i < prediction.Scores.Count; i++)
        {
            var (label, score) = prediction.Scores[i];
            json.WriteStartArray();
            json.WriteStringValue(label);
            if (score.TryFormat(digits, out var length, "0.000", CultureInfo.InvariantCulture)) json.WriteStringValue(digits[..length]);
            else json.WriteStringValue(score.ToString("0.000", CultureInfo.InvariantCulture));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
