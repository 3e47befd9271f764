using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>Provides source-generated JSON metadata for entries that take one line of a file each.</summary>
[JsonSerializable(typeof(ConfigurationChange))]
internal sealed partial class LineJson : JsonSerializerContext
{
    /// <summary>Gets the configured context.</summary>
    public static LineJson Instance { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
