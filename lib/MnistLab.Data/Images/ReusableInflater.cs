using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using MnistLab.Storage;

namespace MnistLab.Data.Images;

/// <summary>Inflates a sequence of small zlib streams (RFC 1950) of known length.</summary>
/// <remarks>
/// <see cref="ZLibStream"/> reads only one stream, and leaves behind two objects with finalizers: at thousands of
/// streams per second, garbage collection spends most of its time on them. A <see cref="GZipStream"/> continues from
/// one member of its file to the next (RFC 1952), so each zlib stream is passed to it as a member: both contain deflate
/// data (RFC 1951), with different headers and checksums.
/// </remarks>
internal sealed class ReusableInflater : IDisposable
{
    /// <summary>The maximum length of a zlib stream in bytes.</summary>
    public const int LargestData = 4096;

    /// <summary>
    /// The maximum length of the content in bytes: the sums of Adler-32 of that many bytes fit into 32 bits.
    /// </summary>
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

    /// <summary>Gets the header of a gzip member: deflate data, without any information about the file.</summary>
    private static ReadOnlySpan<byte> GzipHeader => [0x1F, 0x8B, Deflate, 0, 0, 0, 0, 0, 0, 0xFF];

    /// <param name="zlib">The whole stream, at most <see cref="LargestData"/> bytes.</param>
    /// <param name="target">
    /// Receives the content; must have its exact length, at most <see cref="LargestContent"/> bytes.
    /// </param>
    /// <returns>
    /// Whether the stream is a valid zlib stream whose content has that length. If not, the content of
    /// <paramref name="target"/> is undefined, and this inflater cannot be used again.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="target"/> is too long.</exception>
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
            // Reading returns 0 only if the deflate data ended as well: otherwise the trailer would be read as data.
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
        (header[0] & 0x0F) == Deflate
            && header[0] >> 4 <= LargestWindow
            && (header[1] & HasDictionary) == 0
            && BinaryPrimitives.ReadUInt16BigEndian(header) % 31 == 0;

    // For so few bytes, the sums need to be reduced only once.
    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        var (sum, sumOfSums) = (1u, 0u);
        foreach (var value in bytes) sumOfSums += sum += value;
        return ((sumOfSums % AdlerModulus) << 16) | (sum % AdlerModulus);
    }

    /// <summary>Represents the bytes to read next.</summary>
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
