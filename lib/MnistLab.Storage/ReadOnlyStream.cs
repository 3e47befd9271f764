namespace MnistLab.Storage;

/// <summary>
/// Represents a stream that can only be read forward. A subclass supplies the bytes: it overrides
/// <see cref="Read(Span{byte})"/>, <see cref="Stream.ReadAsync(Memory{byte}, CancellationToken)"/>, or both.
/// </summary>
public abstract class ReadOnlyStream : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <remarks>Unless it is overridden, it blocks until an asynchronous read ends.</remarks>
    public override int Read(Span<byte> buffer)
    {
        var bytes = new byte[buffer.Length];
        // On the thread pool: a continuation on the caller's synchronization context would wait for the caller.
        var read = Task.Run(() => ReadAsync(bytes).AsTask()).GetAwaiter().GetResult();
        bytes.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }
}
