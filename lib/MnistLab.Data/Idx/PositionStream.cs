using MnistLab.Storage;

namespace MnistLab.Data.Idx;

/// <summary>Represents a stream that counts the bytes read. It owns the inner stream.</summary>
internal sealed class PositionStream(Stream inner) : ReadOnlyStream
{
    private long _position;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _position += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
