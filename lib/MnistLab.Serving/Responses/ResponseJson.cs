using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Serving.Responses;

/// <summary>How answers are written and read. Generated, so that the client works where reflection is switched off, as it is in file-based apps.</summary>
[JsonSerializable(typeof(PredictionResponse))]
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(TensorErrorResponse))]
[JsonSerializable(typeof(StatusResponse))]
internal sealed partial class ResponseJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static ResponseJson Instance { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        // The answers are JSON, never part of HTML: an apostrophe may stay one.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
