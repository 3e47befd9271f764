using System.Text.Json;
using MnistLab.Serving.Protocols.Tensors;

namespace MnistLab.Serving.Protocols.TensorFlow;

/// <summary>
/// Writes responses of TensorFlow Serving's REST API: <c>predictions</c> (row format, one entry per image) or
/// <c>outputs</c> (column format, one entry per output).
/// </summary>
internal static class PredictResponse
{
    public static void Write(Utf8JsonWriter json, Inference inference, bool isRows)
    {
        json.WriteStartObject();
        if (isRows)
        {
            json.WriteStartArray("predictions"u8);
            for (var i = 0; i < inference.Logits.Length; i++)
            {
                json.WriteStartObject();
                json.WriteNumber(ModelSignature.Label, inference.Label(i));
                WriteNumbers(json, ModelSignature.Probabilities, inference.Probabilities(i));
                WriteNumbers(json, ModelSignature.Logits, inference.Logits[i]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteStartObject("outputs"u8);
            json.WriteStartArray(ModelSignature.Label);
            for (var i = 0; i < inference.Logits.Length; i++) json.WriteNumberValue(inference.Label(i));
            json.WriteEndArray();
            json.WriteStartArray(ModelSignature.Probabilities);
            for (var i = 0; i < inference.Logits.Length; i++) WriteNumbers(json, null, inference.Probabilities(i));
            json.WriteEndArray();
            json.WriteStartArray(ModelSignature.Logits);
            foreach (var logits in inference.Logits) WriteNumbers(json, null, logits);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string? name, float[] numbers)
    {
        if (name is null) json.WriteStartArray();
        else json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
