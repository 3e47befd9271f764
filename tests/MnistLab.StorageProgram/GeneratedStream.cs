using System.Security.Cryptography;

namespace MnistLab.StorageProgram;

/// <summary>A content of any length that is nowhere in memory, and whose length shows at its end only, as a pipe's.</summary>
internal sealed class GeneratedStream : Stream
{
    private readonly Action<Span<byte>> _next;
    private long _left;

    /// <summary>Equal bytes.</summary>
    public GeneratedStream(long length, byte value) => (_left, _next) = (length, span => span.Fill(value));

    /// <summary>Random bytes, which are hashed, too.</summary>
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
