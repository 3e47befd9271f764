using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>
/// Writes the files of deployments, indented for people to read as well. Generated, so that it works where reflection
/// is switched off.
/// </summary>
[JsonSerializable(typeof(ServiceRecord))]
[JsonSerializable(typeof(RunSettings))]
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(SupervisorState))]
internal sealed partial class FileJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static FileJson Instance { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        AllowTrailingCommas = false,
        RespectNullableAnnotations = true,
        // Not inside HTML: quotation marks and letters beyond ASCII may stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
