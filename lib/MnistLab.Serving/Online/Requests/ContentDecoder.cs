using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace MnistLab.Serving;

/// <summary>Decompresses bodies that carry a <c>Content-Encoding</c> (RFC 9110, section 8.4).</summary>
internal static class ContentDecoder
{
    private const string Supported = "gzip, deflate";

    /// <summary>Opens the decompressed body; null if it is not compressed.</summary>
    /// <exception cref="RequestRejectedException">415: the encoding is not supported.</exception>
    public static Stream? Open(HttpContext context)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString().Trim();
        switch (encoding.ToLowerInvariant())
        {
            case "" or "identity":
                return null;
            case "gzip" or "x-gzip":
                return new GZipStream(context.Request.Body, CompressionMode.Decompress);
            case "deflate":
                return new ZLibStream(context.Request.Body, CompressionMode.Decompress);
            default:
                context.Response.Headers.AcceptEncoding = Supported;
                throw new RequestRejectedException(
                    StatusCodes.Status415UnsupportedMediaType,
                    PredictionErrorCode.UnsupportedEncoding,
                    $"The Content-Encoding '{encoding}' is not supported. Send the body plain, or with one of: {Supported}.");
        }
    }

    /// <summary>Describes a body that its encoding cannot decompress.</summary>
    public static RequestRejectedException Damaged(HttpContext context, InvalidDataException cause) => new(
        StatusCodes.Status400BadRequest,
        PredictionErrorCode.MalformedBody,
        $"The body is not valid {context.Request.Headers.ContentEncoding}, its Content-Encoding: {cause.Message}",
        cause);
}
