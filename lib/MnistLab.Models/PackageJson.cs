using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Models;

/// <summary>
/// Writes the files of a model package, indented for people to read as well. Generated, so that it works where
/// reflection is switched off.
/// </summary>
[JsonSerializable(typeof(ModelConfig))]
internal sealed partial class PackageJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static PackageJson Instance { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        AllowTrailingCommas = false,
        RespectNullableAnnotations = true,
        // Not inside HTML: quotation marks and letters beyond ASCII may stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
