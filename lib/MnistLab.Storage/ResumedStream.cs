namespace MnistLab.Storage;

/// <summary>
/// Represents the content of an object; if the connection fails, the download resumes where it was interrupted.
/// </summary>
/// <param name="first">The content from its start. This stream and each later one are owned.</param>
/// <param name="length">The total number of bytes.</param>
/// <param name="openAt">Opens the same content at an offset.</param>
/// <param name="translate">
/// Translates an error into the exception to throw once retries are exhausted; null for an error that is not retried.
/// </param>
/// <param name="retries">The maximum number of consecutive failures without a byte in between.</param>
internal sealed class ResumedStream(
    Stream first,
    long length,
    Func<long, CancellationToken, Task<Stream>> openAt,
    Func<Exception, ObjectStoreException?> translate,
    int retries) : ReadOnlyStream
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    private Stream? _current = first;
    private long _position;
    private int _failures;

    public override long Length => length;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || _position == length) return 0;
        while (true)
        {
            try
            {
                _current ??= await openAt(_position, cancellationToken);
                var read = await _current.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                    throw new EndOfStreamException(FormattableString.Invariant($"The response ended after {_position} of {length} bytes."));
                _failures = 0;
                _position += read;
                return read;
            }
            catch (Exception error) when (translate(error) is { } failure)
            {
                if (_current is not null) await _current.DisposeAsync();
                _current = null;
                if (failure.Error != ObjectStoreError.Unavailable || ++_failures > retries) throw failure;
                await Task.Delay(FirstWait * Math.Pow(2, _failures - 1) * (0.5 + Random.Shared.NextDouble()), cancellationToken);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _current?.Dispose();
        base.Dispose(disposing);
    }
}
