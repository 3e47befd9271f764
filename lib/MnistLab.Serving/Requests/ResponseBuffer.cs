using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace MnistLab.Serving.Requests;

/// <summary>
/// Represents a reusable buffer in which a response is written before it is sent, so that its length is known.
/// </summary>
internal sealed class ResponseBuffer : IDisposable
{
    private const int LargestToKeep = 64 * 1024;

    // Responses are never embedded in HTML, so characters such as apostrophes need no escaping.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true
    };

    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    public ResponseBuffer() => Json = new Utf8JsonWriter(_bytes, Options);

    /// <summary>Gets the writer that writes JSON to the buffer.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>Gets the length of the JSON written so far, in bytes.</summary>
    public int JsonLength => (int)(Json.BytesCommitted + Json.BytesPending);

    /// <summary>Returns a span for bytes after the JSON, which must be complete.</summary>
    public Span<byte> Append(int count)
    {
        Json.Flush();
        var room = _bytes.GetSpan(count)[..count];
        _bytes.Advance(count);
        return room;
    }

    /// <summary>Writes the buffer to the response; it is sent when the request ends.</summary>
    public void WriteTo(HttpResponse response, string contentType = "application/json", int status = StatusCodes.Status200OK)
    {
        Json.Flush();
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = _bytes.WrittenCount;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method)) response.BodyWriter.Write(_bytes.WrittenSpan);
    }

    public void Dispose() => Json.Dispose();

    internal sealed class Policy : IPooledObjectPolicy<ResponseBuffer>
    {
        public ResponseBuffer Create() => new();

        public bool Return(ResponseBuffer buffer)
        {
            if (buffer._bytes.Capacity > LargestToKeep) return false;
            buffer._bytes.ResetWrittenCount();
            buffer.Json.Reset();
            return true;
        }
    }
}
