using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Models.Registry;

/// <summary>
/// Provides source-generated JSON metadata for the records of a registry, which are indented for readability.
/// Source-generated, so that it works where reflection is disabled.
/// </summary>
[JsonSerializable(typeof(RegisteredModel))]
internal sealed partial class RegistryJson : JsonSerializerContext
{
    /// <summary>Gets the configured context.</summary>
    public static RegistryJson Instance { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        AllowTrailingCommas = false,
        RespectNullableAnnotations = true,
        // The files are never embedded in HTML, so quotation marks and non-ASCII characters need no escaping.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
