namespace MnistLab.Data.Download;

/// <summary>Reads a body as it arrives, and fails if its throughput is too low.</summary>
internal sealed class ThroughputGuard(Stream body, DownloadOptions options, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stall = new(options.StallTimeout, time);
    private readonly long _quota = Math.Max(1, (long)(options.StallTimeout.TotalSeconds * options.MinimumBytesPerSecond));
    private long _received;

    /// <summary>Reads the next bytes; returns 0 at the end.</summary>
    /// <exception cref="MirrorException">The connection broke, or the throughput is too low.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stall.Token);
        try
        {
            var read = await body.ReadAsync(buffer, either.Token);
            _received += read;
            // Whenever a full quota has arrived, the timeout starts again.
            if (_received >= _quota)
            {
                _received = 0;
                _stall.CancelAfter(options.StallTimeout);
            }

            return read;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MirrorException(FormattableString.Invariant(
                $"stalled: {_received} bytes in {options.StallTimeout.TotalSeconds:0.#} seconds"), error);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new MirrorException($"lost the connection during the transfer: {error.Message}", error);
        }
    }

    public void Dispose() => _stall.Dispose();
}
