using System.IO.Compression;
using MnistLab.Storage;

namespace MnistLab.Data.Idx;

/// <summary>
/// Represents the content of a gzip file, validated strictly: one or more members (RFC 1952, 2.2), each with its
/// checksum and length, then only zeros, which tapes and block devices use as padding. <see cref="GZipStream"/> alone
/// accepts a truncated file and ignores anything after its end.
/// </summary>
internal sealed class GzipContentStream : ReadOnlyStream
{
    private const int BufferSize = 1 << 12;

    // After the last byte of the file, the decompressor receives an additional member, the marker. Its content is
    // output only if the file ended at the end of a member: anywhere else, the decompressor reads the marker's bytes as
    // the continuation of the truncated member. The compressed marker does not contain its own content.
    private static readonly byte[] Marker =
        [.. Enumerable.Repeat<byte[]>([0xd5, 0x0b, 0x9e, 0x61, 0xf4, 0x2a, 0x87, 0x3c], 4).SelectMany(bytes => bytes)];

    private static readonly byte[] MarkerMember = Compress(Marker);

    private readonly Source _source;
    private readonly GZipStream _gzip;
    // The last bytes of the output are held back: they may be the marker.
    private readonly byte[] _held = new byte[Marker.Length];
    private int _heldStart;
    private int _heldEnd;
    private bool _hasEnded;
    private InvalidDataException? _problem;

    private GzipContentStream(Stream file)
    {
        _source = new Source(file);
        _gzip = new GZipStream(_source, CompressionMode.Decompress);
    }

    /// <summary>
    /// Returns the content of a file: decompressed if its first bytes identify a gzip file, otherwise unchanged.
    /// </summary>
    /// <param name="file">
    /// The file at its start; it stays open. If it is damaged, reading throws an <see cref="InvalidDataException"/>
    /// that describes the damage.
    /// </param>
    public static Stream Open(Stream file)
    {
        Span<byte> start = stackalloc byte[2];
        var length = file.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        var all = new PrefixedStream(start[..length].ToArray(), file);
        var isCompressed = length == 2 && start is [0x1f, 0x8b];
        return isCompressed ? new BufferedStream(new GzipContentStream(all), BufferSize) : all;
    }

    public override int Read(Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(buffer.Length, Marker.Length);
        while (!_hasEnded)
        {
            _held.AsSpan(0, _heldEnd).CopyTo(buffer);
            var read = Decompress(buffer[_heldEnd..]);
            _hasEnded = read == 0;
            if (_hasEnded) break;
            var total = _heldEnd + read;
            _heldEnd = Math.Min(total, Marker.Length);
            var given = total - _heldEnd;
            buffer[given..total].CopyTo(_held);
            if (given > 0) return given;
        }

        var rest = _held.AsSpan(_heldStart, _heldEnd - _heldStart);
        if (rest.IsEmpty && _problem is not null) throw _problem;
        rest.CopyTo(buffer);
        _heldStart = _heldEnd;
        return rest.Length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _gzip.Dispose();
        base.Dispose(disposing);
    }

    private int Decompress(Span<byte> buffer)
    {
        const string CutOff = "gzip data that ends too early";
        const string Followed = "gzip data with other bytes after its end";
        try
        {
            var read = _gzip.Read(buffer);
            if (read > 0) return read;
            if (_source.Given == Source.Stage.Data) _problem = new InvalidDataException(Followed);
            else if (_source.Given != Source.Stage.Marker) return 0;
            else if (_held.AsSpan(0, _heldEnd).SequenceEqual(Marker)) _heldEnd = 0;
            else _problem = new InvalidDataException(CutOff);
        }
        catch (InvalidDataException error)
        {
            _problem = new InvalidDataException(_source.Given == Source.Stage.Marker ? CutOff : "damaged gzip data", error);
        }

        return 0;
    }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal)) gzip.Write(content);
        return compressed.ToArray();
    }

    /// <summary>
    /// Feeds the decompressor the file, then the zeros at its end one at a time, and then the marker. The point at
    /// which the decompressor stops reading shows what followed the last member.
    /// </summary>
    private sealed class Source(Stream file) : ReadOnlyStream
    {
        private readonly byte[] _buffer = new byte[1 << 14];
        private int _start;
        private int _end;
        private long _zeros;
        private int _zerosAfter;
        private bool _isAtEnd;
        private int _markerGiven;

        public enum Stage
        {
            Data,
            ZerosAtTheEnd,
            Marker,
        }

        /// <summary>Gets the stage of the last bytes that were read.</summary>
        public Stage Given { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            if (buffer.IsEmpty) return 0;
            while (_start == _end && !_isAtEnd) Refill();
            if (_zeros > 0)
            {
                var count = _isAtEnd ? 1 : (int)Math.Min(_zeros, buffer.Length);
                if (_isAtEnd) Given = Stage.ZerosAtTheEnd;
                buffer[..count].Clear();
                _zeros -= count;
                return count;
            }

            if (_start < _end)
            {
                var count = Math.Min(buffer.Length, _end - _start);
                _buffer.AsSpan(_start, count).CopyTo(buffer);
                _start += count;
                if (_start == _end) (_zeros, _zerosAfter) = (_zerosAfter, 0);
                return count;
            }

            Given = Stage.Marker;
            var marker = MarkerMember.AsSpan(_markerGiven);
            marker = marker[..Math.Min(marker.Length, buffer.Length)];
            marker.CopyTo(buffer);
            _markerGiven += marker.Length;
            return marker.Length;
        }

        // Zeros are held back until other bytes follow or the file ends.
        private void Refill()
        {
            var read = file.Read(_buffer);
            var last = _buffer.AsSpan(0, read).LastIndexOfAnyExcept((byte)0);
            _isAtEnd = read == 0;
            if (last < 0) _zeros += read;
            else (_start, _end, _zerosAfter) = (0, last + 1, read - last - 1);
        }
    }
}
