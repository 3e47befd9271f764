using System.Diagnostics;

namespace MnistLab.Storage.S3;

/// <summary>
/// Represents the body of a response with a minimum transfer rate: a server that only sends an occasional byte cannot
/// block the reader forever. It owns the stream.
/// </summary>
internal sealed class StallLimitedStream(Stream inner, TimeSpan limit) : ReadOnlyStream
{
    private const int EnoughBytes = 1 << 16;

    private TimeSpan _waited;
    private int _received;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stalled.CancelAfter(limit - _waited);
        var start = Stopwatch.GetTimestamp();
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, stalled.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(Stalled);
        }

        // Only the time spent waiting counts; the reader itself may be slow.
        _waited += Stopwatch.GetElapsedTime(start);
        _received += read;
        if (_received >= EnoughBytes) (_waited, _received) = (TimeSpan.Zero, 0);
        return _waited < limit || read == 0 ? read : throw new TimeoutException(Stalled);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private string Stalled => FormattableString.Invariant($"The response stalled for {limit.TotalSeconds:0.#} s.");
}
