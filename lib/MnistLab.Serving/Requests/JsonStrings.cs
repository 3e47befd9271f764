using System.Text.Json;

namespace MnistLab.Serving.Requests;

/// <summary>Writes lists of strings as JSON.</summary>
internal static class JsonStrings
{
    /// <summary>Writes a member whose value is an array of strings.</summary>
    public static void WriteStrings(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
