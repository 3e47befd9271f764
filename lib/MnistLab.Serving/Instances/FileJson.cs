using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>
/// Provides source-generated JSON metadata for the files of deployments, which are indented for readability.
/// Source-generated, so that it works where reflection is disabled.
/// </summary>
[JsonSerializable(typeof(ServiceRecord))]
[JsonSerializable(typeof(RunSettings))]
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(SupervisorState))]
internal sealed partial class FileJson : JsonSerializerContext
{
    /// <summary>Gets the configured context.</summary>
    public static FileJson Instance { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        AllowTrailingCommas = false,
        RespectNullableAnnotations = true,
        // The files are never embedded in HTML, so quotation marks and non-ASCII characters need no escaping.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
