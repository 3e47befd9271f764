using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>Creates the errors of the tensor protocols.</summary>
internal static class TensorErrors
{
    public static RequestRejectedException Malformed(string message, Exception? cause = null) =>
        new(StatusCodes.Status400BadRequest, PredictionErrorCode.MalformedTensor, message, cause);

    public static RequestRejectedException ModelNotFound(string message) =>
        new(StatusCodes.Status404NotFound, PredictionErrorCode.ModelNotFound, message);

    /// <summary>Returns whether an exception of the JSON reader means that the text is not JSON or not UTF-8.</summary>
    public static bool IsJson(Exception exception) => exception is JsonException or InvalidOperationException or FormatException;

    public static RequestRejectedException NotJson(Exception exception) =>
        Malformed($"The body is not JSON: {exception.Message}", exception);
}
