namespace MnistLab.Serving.Requests;

/// <summary>Represents a stream of a body's compressed bytes that records the first and last bytes.</summary>
internal sealed class CompressedBody(Stream body) : Stream
{
    private readonly byte[] _start = new byte[2];
    private readonly byte[] _end = new byte[8];

    /// <summary>Gets the number of bytes read so far.</summary>
    public long Count { get; private set; }

    /// <summary>Gets the first two bytes, or fewer if fewer have been read.</summary>
    public ReadOnlySpan<byte> Start => _start.AsSpan(0, (int)Math.Min(Count, _start.Length));

    /// <summary>Gets the last eight bytes, or fewer if fewer have been read.</summary>
    public ReadOnlySpan<byte> End => _end.AsSpan(_end.Length - (int)Math.Min(Count, _end.Length));

    /// <summary>Gets whether the decompressor has tried to read past the end.</summary>
    public bool HasEnded { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        if (read == 0) HasEnded = !buffer.IsEmpty;
        else Remember(buffer.Span[..read]);
        return read;
    }

    // The web server does not allow synchronous reads.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        if (Count < _start.Length) bytes[..Math.Min(bytes.Length, _start.Length - (int)Count)].CopyTo(_start.AsSpan((int)Count));
        var last = bytes[^Math.Min(bytes.Length, _end.Length)..];
        _end.AsSpan(last.Length).CopyTo(_end);
        last.CopyTo(_end.AsSpan(_end.Length - last.Length));
        Count += bytes.Length;
    }
}
