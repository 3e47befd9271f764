using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace MnistLab.Serving.Requests;

/// <summary>Represents a request's whole body in contiguous memory, decompressed. Valid until it is disposed.</summary>
internal readonly struct RequestBody : IDisposable
{
    private const int FirstBuffer = 16 * 1024;

    private readonly byte[]? _rented;
    private readonly LargeBodyLimiter.Lease? _lease;
    private readonly PipeReader? _reader;
    private readonly SequencePosition _end;

    private RequestBody(ReadOnlyMemory<byte> bytes, byte[] rented, LargeBodyLimiter.Lease lease) =>
        (Bytes, _rented, _lease) = (bytes, rented, lease);

    private RequestBody(ReadOnlyMemory<byte> bytes, PipeReader reader, SequencePosition end) =>
        (Bytes, _reader, _end) = (bytes, reader, end);

    /// <summary>Gets the bytes of the body.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="RequestRejectedException">413: the body is too large. 408: the body arrives too slowly. 415:
    /// its encoding is not supported. 400: it cannot be decompressed. 429: there is not enough memory for it at the
    /// moment.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context, LargeBodyLimiter limiter)
    {
        var length = context.Request.ContentLength;
        if (length > ServiceLimits.MaxBodyBytes) throw TooLarge();
        if (context.Request.Headers.ContentEncoding.Count > 0 && ContentDecoder.Open(context) is { } decoder)
            return await DecompressAsync(context, decoder, limiter);
        var reader = context.Request.BodyReader;
        if (length <= ServiceLimits.SmallBodyBytes && TryRead(reader, out var result))
        {
            // The usual case: the body arrived together with the request's headers and can be used in place.
            if (result.Buffer.Length == length && result.Buffer.IsSingleSegment)
                return new RequestBody(result.Buffer.First, reader, result.Buffer.End);
            reader.AdvanceTo(result.Buffer.Start);
        }

        return await CopyAsync(context, reader, limiter.Acquire(length));
    }

    public void Dispose()
    {
        _reader?.AdvanceTo(_end);
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
        _lease?.Dispose();
    }

    public static RequestRejectedException TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge,
        PredictionErrorCode.BodyTooLarge,
        $"The request is larger than {ServiceLimits.MaxBodyBytes >> 20} MB. Send a smaller image.");

    public static RequestRejectedException TooSlow(Exception? cause = null) => new(
        StatusCodes.Status408RequestTimeout,
        PredictionErrorCode.BodyTooSlow,
        FormattableString.Invariant($"The body did not arrive within {ServiceLimits.BodyTime.TotalSeconds} s."),
        cause);

    /// <summary>
    /// Converts the web server's exceptions about a body to errors of the service; returns other exceptions unchanged.
    /// </summary>
    public static Exception Describe(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(),
        BadHttpRequestException bad => new RequestRejectedException(bad.StatusCode, PredictionErrorCode.MalformedBody, bad.Message),
        _ => exception,
    };

    private static bool TryRead(PipeReader reader, out ReadResult result)
    {
        try
        {
            return reader.TryRead(out result);
        }
        catch (BadHttpRequestException exception)
        {
            throw Describe(exception);
        }
    }

    private static async Task<RequestBody> DecompressAsync(HttpContext context, ContentDecoder decoder, LargeBodyLimiter limiter)
    {
        using var decoding = decoder;
        var reader = PipeReader.Create(decoder.Content, new StreamPipeReaderOptions(bufferSize: FirstBuffer, leaveOpen: true));
        try
        {
            // Content-Length is the number of compressed bytes.
            var body = await CopyAsync(context, reader, limiter.Acquire(null));
            try
            {
                decoder.RequireEnd(body.Bytes.Span);
                return body;
            }
            catch
            {
                body.Dispose();
                throw;
            }
        }
        catch (InvalidDataException exception)
        {
            throw decoder.Rejected(exception);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static async Task<RequestBody> CopyAsync(HttpContext context, PipeReader reader, LargeBodyLimiter.Lease lease)
    {
        using var limit = new CancellationTokenSource(ServiceLimits.BodyTime);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        // Grows with the bytes that arrive, not with the Content-Length.
        var bytes = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        var count = 0;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(either.Token);
                try
                {
                    var size = (int)Math.Min(result.Buffer.Length, int.MaxValue - count);
                    if (count + size > ServiceLimits.MaxBodyBytes) throw TooLarge();
                    lease.Grow(count + size);
                    if (count + size > bytes.Length) bytes = Grow(bytes, count, count + size);
                    result.Buffer.CopyTo(bytes.AsSpan(count));
                    count += size;
                }
                finally
                {
                    // Also needed if the body is rejected; the web server then skips the rest of it.
                    reader.AdvanceTo(result.Buffer.End);
                }

                if (result.IsCompleted) return new RequestBody(bytes.AsMemory(0, count), bytes, lease);
            }
        }
        catch (Exception exception)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            lease.Dispose();
            if (exception is BadHttpRequestException) throw Describe(exception);
            if (exception is OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
                throw TooSlow(exception);
            throw;
        }
    }

    private static byte[] Grow(byte[] bytes, int count, int least)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * bytes.Length, least));
        bytes.AsSpan(0, count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        return larger;
    }
}
