using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace MnistLab.Serving.Requests;

/// <summary>Where an answer is written before it is sent, so that its length is known; used again and again.</summary>
internal sealed class ResponseBuffer : IDisposable
{
    private const int LargestToKeep = 64 * 1024;

    // Answers are JSON, never part of HTML: an apostrophe may stay one.
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    public ResponseBuffer() => Json = new Utf8JsonWriter(_bytes, Options);

    /// <summary>Writes JSON to the buffer.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>How many bytes of JSON are written so far.</summary>
    public int JsonLength => (int)(Json.BytesCommitted + Json.BytesPending);

    /// <summary>Room for bytes after the JSON, which is complete.</summary>
    public Span<byte> Append(int count)
    {
        Json.Flush();
        var room = _bytes.GetSpan(count)[..count];
        _bytes.Advance(count);
        return room;
    }

    /// <summary>Answers with what was written; it is sent when the request ends.</summary>
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
