using System.Buffers.Binary;
using System.Text.Json;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Protocols.Tensors;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.OpenInference;

/// <summary>
/// Writes a response of the Open Inference Protocol: JSON, followed by the outputs requested as binary data,
/// little-endian.
/// </summary>
internal static class InferResponse
{
    /// <returns>The length of the JSON in bytes if binary data follows it; null if there is only JSON.</returns>
    public static int? Write(ResponseBuffer buffer, ServedVersion model, InferRequest request, Inference inference)
    {
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteString("model_name"u8, model.Model);
        json.WriteString("model_version"u8, model.Version.ToString());
        if (request.Id is { } id) json.WriteString("id"u8, id);
        json.WriteStartArray("outputs"u8);
        var isBinary = false;
        foreach (var (name, isBinaryOutput) in request.Outputs)
        {
            WriteOutput(json, name, isBinaryOutput, inference);
            isBinary |= isBinaryOutput;
        }

        json.WriteEndArray();
        json.WriteEndObject();
        if (!isBinary) return null;

        var length = buffer.JsonLength;
        foreach (var (name, isBinaryOutput) in request.Outputs)
        {
            if (isBinaryOutput) AppendOutput(buffer, name, inference);
        }

        return length;
    }

    private static void WriteOutput(Utf8JsonWriter json, string name, bool isBinary, Inference inference)
    {
        var (pictures, labels) = (inference.Logits.Length, inference.Logits[0].Length);
        var isLabel = name == ModelSignature.Label;
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("datatype"u8, isLabel ? "INT64"u8 : "FP32"u8);
        json.WriteStartArray("shape"u8);
        json.WriteNumberValue(pictures);
        if (!isLabel) json.WriteNumberValue(labels);
        json.WriteEndArray();
        if (isBinary)
        {
            json.WriteStartObject("parameters"u8);
            json.WriteNumber("binary_data_size"u8, isLabel ? pictures * sizeof(long) : pictures * labels * sizeof(float));
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("data"u8);
            for (var i = 0; i < pictures; i++)
            {
                if (isLabel) json.WriteNumberValue(inference.Label(i));
                else foreach (var number in inference.Row(name, i)) json.WriteNumberValue(number);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void AppendOutput(ResponseBuffer buffer, string name, Inference inference)
    {
        for (var i = 0; i < inference.Logits.Length; i++)
        {
            if (name == ModelSignature.Label)
            {
                BinaryPrimitives.WriteInt64LittleEndian(buffer.Append(sizeof(long)), inference.Label(i));
                continue;
            }

            var row = inference.Row(name, i);
            var bytes = buffer.Append(row.Length * sizeof(float));
            for (var j = 0; j < row.Length; j++) BinaryPrimitives.WriteSingleLittleEndian(bytes[(j * sizeof(float))..], row[j]);
        }
    }
}
