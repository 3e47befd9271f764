using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.AspNetCore.Http;

namespace MnistLab.Serving.Requests;

/// <summary>Decompresses a body that carries a <c>Content-Encoding</c> (RFC 9110, section 8.4).</summary>
internal sealed class ContentDecoder : IDisposable
{
    private const string Supported = "gzip, deflate";
    private const int GzipTrailer = 8;

    private readonly string _encoding;
    private readonly bool _isGzip;
    private readonly CompressedBody _compressed;

    private ContentDecoder(string encoding, bool isGzip, Stream body)
    {
        (_encoding, _isGzip, _compressed) = (encoding, isGzip, new CompressedBody(body));
        Content = isGzip
            ? new GZipStream(_compressed, CompressionMode.Decompress)
            : new ZLibStream(_compressed, CompressionMode.Decompress);
    }

    /// <summary>Gets the decompressed body.</summary>
    public Stream Content { get; }

    private string Format => _isGzip ? "gzip" : "zlib";

    private bool IsOfFormat => _isGzip
        ? _compressed.Start is [0x1F, 0x8B]
        : _compressed.Start is [var first, var second] && (first & 0x0F) == 8 && ((first << 8) | second) % 31 == 0;

    /// <summary>Creates a decoder for the body of a request; returns null if the body is not compressed.</summary>
    /// <exception cref="RequestRejectedException">415: the encoding is not supported.</exception>
    public static ContentDecoder? Open(HttpContext context)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString().Trim();
        switch (encoding.ToLowerInvariant())
        {
            case "" or "identity":
                return null;
            case "gzip" or "x-gzip":
                return new(encoding, isGzip: true, context.Request.Body);
            case "deflate":
                return new(encoding, isGzip: false, context.Request.Body);
            default:
                context.Response.Headers.AcceptEncoding = Supported;
                throw new RequestRejectedException(
                    StatusCodes.Status415UnsupportedMediaType,
                    PredictionErrorCode.UnsupportedEncoding,
                    $"The Content-Encoding '{encoding}' is not supported. Send the body uncompressed, or with one of: {Supported}.");
        }
    }

    /// <summary>
    /// Validates that the compressed data is complete, since .NET's decompressors ignore a missing end.
    /// </summary>
    /// <param name="content">The whole decompressed content.</param>
    /// <exception cref="RequestRejectedException">400: the compressed data ends too early.</exception>
    public void RequireEnd(ReadOnlySpan<byte> content)
    {
        // A gzip file may have several members, so its decompressor always tries to read more. The checksum and length
        // of the last member are its last bytes (RFC 1952, section 2.3.1).
        if (_isGzip ? !EndsWithTrailer(content) : _compressed.HasEnded) throw Rejected(null);
    }

    /// <summary>Creates the error for a body that cannot be decompressed.</summary>
    public RequestRejectedException Rejected(InvalidDataException? cause) => new(
        StatusCodes.Status400BadRequest,
        PredictionErrorCode.MalformedBody,
        cause is null || (_compressed.HasEnded && IsOfFormat) ? CutOff()
            : IsOfFormat
                ? $"The {Format} data of the body is damaged (Content-Encoding '{_encoding}'). Compress the body again and resend it."
            : $"The body is not in the {Format} format (RFC {(_isGzip ? 1952 : 1950)}), although its Content-Encoding is '{_encoding}'. "
                + "Compress the body in this format, or omit the header.",
        cause);

    public void Dispose() => Content.Dispose();

    private string CutOff() => FormattableString.Invariant(
        $"The body ends before its compressed data does, after {_compressed.Count} bytes (Content-Encoding '{_encoding}'). Send the complete body.");

    private bool EndsWithTrailer(ReadOnlySpan<byte> content)
    {
        if (_compressed.End is not { Length: GzipTrailer } trailer) return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        return length <= content.Length
            && Crc32.HashToUInt32(content[^(int)length..]) == BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }
}
