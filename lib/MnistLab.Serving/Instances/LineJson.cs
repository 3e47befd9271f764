using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>How an entry is written that takes one line of a file.</summary>
[JsonSerializable(typeof(ConfigurationChange))]
internal sealed partial class LineJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static LineJson Instance { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
