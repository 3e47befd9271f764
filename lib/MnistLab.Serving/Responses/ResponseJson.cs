using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Serving.Responses;

/// <summary>
/// Provides source-generated JSON metadata for the responses, because reflection is disabled in file-based apps.
/// </summary>
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(TensorErrorResponse))]
[JsonSerializable(typeof(StatusResponse))]
internal sealed partial class ResponseJson : JsonSerializerContext
{
    /// <summary>Gets the configured context.</summary>
    public static ResponseJson Instance { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        // The responses are never embedded in HTML, so characters such as apostrophes need no escaping.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
