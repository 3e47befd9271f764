using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using MnistLab.Serving.Protocols.Tensors;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// Reads the body of a gRPC request within the limits that also apply to REST bodies: size, time, and the total memory
/// of all large bodies.
/// </summary>
/// <param name="body">The body.</param>
/// <param name="maxBytes">The maximum size of a message in bytes.</param>
/// <param name="lease">The reservation of memory, which all large bodies share.</param>
/// <param name="time">The clock.</param>
/// <param name="fail">Rejects the request and returns the exception to throw.</param>
internal sealed class GrpcBody(
    PipeReader body,
    int maxBytes,
    LargeBodyLimiter.Lease lease,
    TimeProvider time,
    Func<Exception, Task<Exception>> fail)
    : PipeReader, IDisposable
{
    // Each message is preceded by a compression flag (1 byte) and its length (4 bytes).
    private const int Prefix = 5;

    private bool _hasArrived;
    private ITimer? _limit;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<ReadResult> reading;
        try
        {
            reading = body.ReadAsync(cancellationToken);
            // The usual case: the message arrived together with the request's headers.
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
        // Once the message has arrived, only the end of the request is pending, which uses no resources and needs no
        // timeout.
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
        if (prefix[0] > 1) throw TensorErrors.Malformed("The request body is not a gRPC message.");
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
