using MnistLab.Storage;

namespace MnistLab.Data.Idx;

/// <summary>Counts what is read through it. It owns the stream.</summary>
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
