using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace MnistLab.Serving;

/// <summary>A request's body, whole and in one piece of memory, which is valid until it is disposed.</summary>
internal readonly struct RequestBody : IDisposable
{
    private readonly byte[]? _rented;
    private readonly LargeBodyLimiter.Share _share;
    private readonly PipeReader? _reader;
    private readonly SequencePosition _end;

    private RequestBody(ReadOnlyMemory<byte> bytes, byte[]? rented, LargeBodyLimiter.Share share, PipeReader? reader = null, SequencePosition end = default) =>
        (Bytes, _rented, _share, _reader, _end) = (bytes, rented, share, reader, end);

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads the body to its end.</summary>
    /// <exception cref="RequestRejectedException">It is larger than it may be, takes too long to arrive, or there is no room for it at the moment.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context, LargeBodyLimiter room)
    {
        var length = context.Request.ContentLength;
        if (length > ServiceLimits.MaxBodyBytes) throw TooLarge();
        var reader = context.Request.BodyReader;
        if (length <= ServiceLimits.SmallBodyBytes && reader.TryRead(out var result))
        {
            // Nearly every body: it came together with the request's header, and is used where it lies.
            if (result.Buffer.Length == length && result.Buffer.IsSingleSegment)
                return new RequestBody(result.Buffer.First, null, default, reader, result.Buffer.End);
            reader.AdvanceTo(result.Buffer.Start);
        }

        return await ReadSlowlyAsync(context, reader, room.Take(length));
    }

    public void Dispose()
    {
        _reader?.AdvanceTo(_end);
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
        _share.Dispose();
    }

    public static RequestRejectedException TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge, PredictionErrorCode.BodyTooLarge, $"The request is larger than {ServiceLimits.MaxBodyBytes >> 20} MB. Send a smaller picture.");

    private static async Task<RequestBody> ReadSlowlyAsync(HttpContext context, PipeReader reader, LargeBodyLimiter.Share share)
    {
        using var limit = new CancellationTokenSource(ServiceLimits.BodyTime);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        // Grows with what has arrived, not with what is announced.
        var bytes = ArrayPool<byte>.Shared.Rent(1 << 14);
        var count = 0;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(either.Token);
                var size = (int)Math.Min(result.Buffer.Length, int.MaxValue - count);
                if (count + size > ServiceLimits.MaxBodyBytes) throw TooLarge();
                if (count + size > bytes.Length) bytes = Grow(bytes, count, count + size);
                result.Buffer.CopyTo(bytes.AsSpan(count));
                count += size;
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return new RequestBody(bytes.AsMemory(0, count), bytes, share);
            }
        }
        catch (Exception exception)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            share.Dispose();
            if (exception is OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
                throw new RequestRejectedException(StatusCodes.Status408RequestTimeout, PredictionErrorCode.BodyTooSlow, FormattableString.Invariant($"The body did not arrive within {ServiceLimits.BodyTime.TotalSeconds} s."), exception);
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
