using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using MnistLab.Storage;

namespace MnistLab.Data.Images;

/// <summary>Inflates small zlib streams (RFC 1950) of known length, one after the other.</summary>
/// <remarks>
/// <see cref="ZLibStream"/> reads one stream only, and leaves two objects with finalisers: where thousands are read a second, a garbage collection spends most of its time on those.
/// A <see cref="GZipStream"/> goes on where one member of its file ends and the next begins (RFC 1952), so each zlib stream is handed to it as a member: both hold deflate data (RFC 1951), between other headers and checksums.
/// </remarks>
internal sealed class ReusableInflater : IDisposable
{
    /// <summary>The longest zlib stream that is read, in bytes.</summary>
    public const int LargestData = 4096;

    /// <summary>The most bytes that one may hold: the sums of Adler-32 of so many fit into 32 bits.</summary>
    public const int LargestContent = 5552;

    private const int ZlibHeader = 2;
    private const int ZlibTrailer = 4;
    private const int GzipTrailer = 8;
    private const int Deflate = 8;
    private const int LargestWindow = 7;
    private const int HasDictionary = 0x20;
    private const uint AdlerModulus = 65521;

    private readonly Input _input = new();
    private readonly GZipStream _gzip;

    public ReusableInflater() => _gzip = new GZipStream(_input, CompressionMode.Decompress);

    /// <summary>A gzip member's header: deflate data, and nothing known of the file they are of.</summary>
    private static ReadOnlySpan<byte> GzipHeader => [0x1F, 0x8B, Deflate, 0, 0, 0, 0, 0, 0, 0xFF];

    /// <param name="zlib">The whole stream, at most <see cref="LargestData"/> bytes.</param>
    /// <param name="target">Gets what it holds; as long as that has to be, at most <see cref="LargestContent"/> bytes.</param>
    /// <returns>Whether it is a zlib stream of so many bytes. If it is not, what was written says nothing, and this inflater is of no more use.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is room for more.</exception>
    public bool TryInflate(ReadOnlySpan<byte> zlib, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target.Length, LargestContent, nameof(target));
        if (zlib.Length is <= ZlibHeader + ZlibTrailer or > LargestData || !IsHeader(zlib[..ZlibHeader])) return false;
        try
        {
            _input.Set(GzipHeader, zlib[ZlibHeader..^ZlibTrailer]);
            if (_gzip.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) != target.Length) return false;
            Span<byte> trailer = stackalloc byte[GzipTrailer];
            BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32.HashToUInt32(target));
            BinaryPrimitives.WriteInt32LittleEndian(trailer[4..], target.Length);
            _input.Set(trailer, []);
            // At its end only if the deflate data were, too: else it would take the trailer for data.
            Span<byte> more = stackalloc byte[1];
            return _gzip.Read(more) == 0 && _input.IsTaken && Adler32(target) == BinaryPrimitives.ReadUInt32BigEndian(zlib[^ZlibTrailer..]);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    public void Dispose() => _gzip.Dispose();

    private static bool IsHeader(ReadOnlySpan<byte> header) =>
        (header[0] & 0x0F) == Deflate && header[0] >> 4 <= LargestWindow && (header[1] & HasDictionary) == 0 && BinaryPrimitives.ReadUInt16BigEndian(header) % 31 == 0;

    // Of so few bytes the sums need to be reduced only once.
    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        var (sum, sumOfSums) = (1u, 0u);
        foreach (var value in bytes) sumOfSums += sum += value;
        return ((sumOfSums % AdlerModulus) << 16) | (sum % AdlerModulus);
    }

    /// <summary>What is to be read next.</summary>
    private sealed class Input : ReadOnlyStream
    {
        private readonly byte[] _bytes = new byte[LargestData + GzipHeader.Length];
        private int _position;
        private int _length;

        public bool IsTaken => _position == _length;

        public void Set(ReadOnlySpan<byte> start, ReadOnlySpan<byte> rest)
        {
            start.CopyTo(_bytes);
            rest.CopyTo(_bytes.AsSpan(start.Length));
            (_position, _length) = (0, start.Length + rest.Length);
        }

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _length - _position);
            _bytes.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }
    }
}
