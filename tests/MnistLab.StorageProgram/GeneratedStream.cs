using System.Security.Cryptography;

namespace MnistLab.StorageProgram;

/// <summary>
/// Represents content of any length that is not held in memory, and whose length is known only at its end, like that of
/// a pipe.
/// </summary>
internal sealed class GeneratedStream : Stream
{
    private readonly Action<Span<byte>> _next;
    private long _left;

    /// <summary>Creates content of equal bytes.</summary>
    public GeneratedStream(long length, byte value) => (_left, _next) = (length, span => span.Fill(value));

    /// <summary>Creates content of random bytes, which are hashed as well.</summary>
    public GeneratedStream(long length, IncrementalHash hash)
    {
        _left = length;
        var random = new Random(1);
        _next = span =>
        {
            random.NextBytes(span);
            hash.AppendData(span);
        };
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var length = (int)Math.Min(count, _left);
        _next(buffer.AsSpan(offset, length));
        _left -= length;
        return length;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
