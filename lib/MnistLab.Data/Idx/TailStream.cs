namespace MnistLab.Data;

/// <summary>Remembers the last four bytes that were read through it. It owns the stream.</summary>
internal sealed class TailStream(Stream inner) : ReadOnlyStream
{
    private readonly byte[] _tail = new byte[4];

    /// <summary>The last four bytes; zeros in front where fewer were read.</summary>
    public ReadOnlySpan<byte> Tail => _tail;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        var fresh = buffer[Math.Max(0, read - 4)..read];
        _tail.AsSpan(fresh.Length).CopyTo(_tail);
        fresh.CopyTo(_tail.AsSpan(4 - fresh.Length));
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
