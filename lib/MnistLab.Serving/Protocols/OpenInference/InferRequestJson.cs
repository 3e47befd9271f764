using System.Text.Json;
using MnistLab.Serving.Protocols.Tensors;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.OpenInference;

/// <summary>
/// Reads the members of an inference request. A member of the wrong type is rejected with 400.
/// </summary>
internal static class InferRequestJson
{
    private static readonly string[] KnownTexts =
        [ModelSignature.Input, TensorRules.DataType, .. ModelSignature.Outputs];

    /// <summary>Reads the shape of a tensor: a list of non-negative integers.</summary>
    public static int[] ReadShape(ref Utf8JsonReader json)
    {
        Span<int> shape = stackalloc int[TensorRules.MaxDimensions];
        if (json.TokenType != JsonTokenType.StartArray)
            throw TensorErrors.Malformed("'shape' must be a list of integers.");
        for (var i = 0; json.Read(); i++)
        {
            if (json.TokenType == JsonTokenType.EndArray) return shape[..i].ToArray();
            if (i == shape.Length || json.TokenType != JsonTokenType.Number) break;
            if (!json.TryGetInt32(out shape[i]) || shape[i] < 0) break;
        }

        throw TensorErrors.Malformed("'shape' must be a list of at most 8 non-negative integers.");
    }

    /// <summary>
    /// Reads the outputs that the response must contain, each with whether it must be binary; null if not specified.
    /// </summary>
    public static List<(string Name, bool? IsBinary)> ReadOutputs(ref Utf8JsonReader json)
    {
        const string Form = "'outputs' must be a list of objects with a 'name'.";
        var outputs = new List<(string Name, bool? IsBinary)>(1);
        if (json.TokenType != JsonTokenType.StartArray) throw TensorErrors.Malformed(Form);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject || outputs.Count == TensorRules.MaxOutputs)
                throw TensorErrors.Malformed(Form);
            string? name = null;
            bool? isBinary = null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("name"u8)) ReadText(ref json, ref name, "name");
                else if (json.ValueTextEquals("parameters"u8))
                {
                    json.Read();
                    ReadParameters(ref json, "binary_data"u8, out isBinary, out _);
                }
                else json.Skip();
            }

            outputs.Add((TensorRules.ValidateOutput(name, Contains(outputs, name)), isBinary));
        }

        return outputs;
    }

    private static bool Contains(List<(string Name, bool? IsBinary)> outputs, string? name)
    {
        foreach (var output in outputs)
        {
            if (output.Name == name) return true;
        }

        return false;
    }

    /// <summary>
    /// Reads an object of parameters. Only the given one is used; parameters for other programs are ignored.
    /// </summary>
    public static void ReadParameters(
        ref Utf8JsonReader json, ReadOnlySpan<byte> known, out bool? flag, out int? number)
    {
        (flag, number) = (null, null);
        if (json.TokenType == JsonTokenType.Null) return;
        if (json.TokenType != JsonTokenType.StartObject)
            throw TensorErrors.Malformed("'parameters' must be an object.");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isKnown = json.ValueTextEquals(known);
            json.Read();
            if (!isKnown) json.Skip();
            else if (json.TokenType is JsonTokenType.True or JsonTokenType.False) flag = json.GetBoolean();
            else if (json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var size) && size >= 0)
                number = size;
            else throw TensorErrors.Malformed("A parameter of the binary tensor extension has the wrong type.");
        }
    }

    /// <summary>Reads a member whose value is a string and that must not occur twice.</summary>
    public static void ReadText(ref Utf8JsonReader json, ref string? target, string name)
    {
        if (target is not null) throw Twice(name);
        json.Read();
        target = json.TokenType == JsonTokenType.String
            ? TextOf(ref json)
            : throw TensorErrors.Malformed($"'{name}' must be a string.");
    }

    /// <summary>Returns a string value, without allocating for the names that nearly every request contains.</summary>
    private static string? TextOf(ref Utf8JsonReader json)
    {
        foreach (var known in KnownTexts)
        {
            if (json.ValueTextEquals(known)) return known;
        }

        return json.GetString();
    }

    /// <summary>Returns the error of a member that occurs twice.</summary>
    public static RequestRejectedException Twice(string name) => TensorErrors.Malformed($"'{name}' is given twice.");
}
