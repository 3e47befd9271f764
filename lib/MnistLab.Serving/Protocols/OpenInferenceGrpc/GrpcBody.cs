using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using MnistLab.Serving.Protocols.Tensors;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// The body of a request by gRPC within the limits that bodies of REST have: its size, its time, and the memory of all.
/// </summary>
/// <param name="body">The body.</param>
/// <param name="maxBytes">The maximum size of a message in bytes.</param>
/// <param name="lease">The room that larger bodies share.</param>
/// <param name="time">The clock.</param>
/// <param name="fail">Rejects the request, and returns what to throw.</param>
internal sealed class GrpcBody(
    PipeReader body,
    int maxBytes,
    LargeBodyLimiter.Lease lease,
    TimeProvider time,
    Func<Exception, Task<Exception>> fail)
    : PipeReader, IDisposable
{
    // A flag and the length of the message precede it.
    private const int Prefix = 5;

    private bool _hasArrived;
    private ITimer? _limit;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<ReadResult> reading;
        try
        {
            reading = body.ReadAsync(cancellationToken);
            // Nearly every message: it came together with the request's header.
            if (reading.IsCompletedSuccessfully) return ValueTask.FromResult(Checked(reading.Result));
        }
        catch (Exception exception) when (IsOfService(exception))
        {
            return FailAsync(exception);
        }

        return AwaitAsync(reading);
    }

    public override bool TryRead(out ReadResult result) => body.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => body.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        body.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    public void Dispose()
    {
        _limit?.Dispose();
        lease.Dispose();
    }

    private async ValueTask<ReadResult> AwaitAsync(ValueTask<ReadResult> reading)
    {
        // When the message is here, only the end of the request is awaited, which takes up nothing.
        if (!_hasArrived)
        {
            _limit ??= time.CreateTimer(
                static body => ((PipeReader)body!).CancelPendingRead(), body, ServiceLimits.BodyTime, Timeout.InfiniteTimeSpan);
        }

        try
        {
            var result = await reading;
            return result.IsCanceled ? throw RequestBody.TooSlow() : Checked(result);
        }
        catch (Exception exception) when (IsOfService(exception))
        {
            return await FailAsync(exception);
        }
    }

    private ReadResult Checked(ReadResult result)
    {
        var buffer = result.Buffer;
        if (_hasArrived || buffer.Length < Prefix) return result;
        Span<byte> prefix = stackalloc byte[Prefix];
        buffer.Slice(0, Prefix).CopyTo(prefix);
        if (prefix[0] > 1) throw TensorErrors.Malformed("The request's body is not a message of gRPC.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > maxBytes) throw maxBytes == ServiceLimits.MaxBodyBytes ? RequestBody.TooLarge() : TooLarge();
        lease.Grow(buffer.Length);
        _hasArrived = buffer.Length >= Prefix + length;
        if (_hasArrived) _limit?.Dispose();
        return result;
    }

    private async ValueTask<ReadResult> FailAsync(Exception exception) => throw await fail(exception);

    private RequestRejectedException TooLarge() => new(
        413,
        PredictionErrorCode.BodyTooLarge,
        FormattableString.Invariant($"The message is larger than {maxBytes >> 10} KB."));

    private static bool IsOfService(Exception exception) =>
        exception is RequestRejectedException || RequestBody.Describe(exception) != exception;
}
