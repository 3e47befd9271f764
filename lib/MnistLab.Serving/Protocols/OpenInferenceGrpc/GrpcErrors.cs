using System.Globalization;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// Converts errors of the service to gRPC statuses: a status code and the same message as in the REST protocols.
/// </summary>
internal static class GrpcErrors
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";

    public static RpcException Create(RequestRejectedException rejection) =>
        new(new Status(CodeOf(rejection.StatusCode), rejection.Message));

    /// <summary>Returns the gRPC status code for an HTTP status code.</summary>
    public static StatusCode CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => StatusCode.Unauthenticated,
        StatusCodes.Status404NotFound => StatusCode.NotFound,
        StatusCodes.Status405MethodNotAllowed or StatusCodes.Status415UnsupportedMediaType => StatusCode.Unimplemented,
        StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout => StatusCode.DeadlineExceeded,
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status429TooManyRequests => StatusCode.ResourceExhausted,
        StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
        >= StatusCodes.Status500InternalServerError => StatusCode.Internal,
        _ => StatusCode.InvalidArgument,
    };

    /// <summary>Writes a response that consists of a status alone (gRPC's "Trailers-Only").</summary>
    public static void Write(HttpResponse response, StatusCode code, string message)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers[StatusHeader] = ((int)code).ToString(CultureInfo.InvariantCulture);
        response.Headers[MessageHeader] = Escape(message);
    }

    // Percent-encodes the UTF-8 bytes except printable ASCII, as gRPC requires for grpc-message.
    private static string Escape(string message)
    {
        var escaped = new StringBuilder(message.Length);
        foreach (var letter in Encoding.UTF8.GetBytes(message))
        {
            if (letter is >= 0x20 and <= 0x7E and not (byte)'%') escaped.Append((char)letter);
            else escaped.Append(CultureInfo.InvariantCulture, $"%{letter:X2}");
        }

        return escaped.ToString();
    }
}
