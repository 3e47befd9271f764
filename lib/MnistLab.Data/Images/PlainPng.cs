using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace MnistLab.Data.Images;

/// <summary>
/// Decodes the most common PNG files without the general decoder: 28 × 28 pixels, 8-bit gray, not interlaced, with no
/// other chunks (PNG specification, third edition). Anything unusual goes to the general decoder, so the two never
/// disagree.
/// </summary>
internal static class PlainPng
{
    private const int Header = 8;
    private const int ChunkFrame = 12;
    private const int MaxData = 4096;
    private const int Checksum = 4;
    private const uint AdlerModulus = 65521;

    private static ReadOnlySpan<byte> Beginning =>
    [
        0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A,
        0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 0, DigitImage.Side, 0, 0, 0, DigitImage.Side, 8, 0, 0, 0, 0,
    ];

    /// <param name="file">The whole file.</param>
    /// <param name="pixels">Receives 784 gray values; its length is exactly 784.</param>
    /// <returns>
    /// Whether the file has this form. If not, the content of <paramref name="pixels"/> is undefined.
    /// </returns>
    public static bool TryDecode(ReadOnlySpan<byte> file, Span<byte> pixels)
    {
        if (!file.StartsWith(Beginning)) return false;
        var position = Header;
        if (!TryReadChunk(file, ref position, out _, out _) || !TryReadChunk(file, ref position, out var type, out var data)) return false;
        // Skia writes this chunk into every gray image: all eight bits are significant.
        if (type.SequenceEqual("sBIT"u8) && data is [8] && !TryReadChunk(file, ref position, out type, out data)) return false;
        if (!type.SequenceEqual("IDAT"u8)) return false;
        if (!TryReadChunk(file, ref position, out type, out var end)
            || !type.SequenceEqual("IEND"u8)
            || end.Length != 0
            || position != file.Length)
            return false;
        Span<byte> rows = stackalloc byte[DigitImage.Side * (DigitImage.Side + 1)];
        return TryInflate(data, rows) && TryUndoFilters(rows, pixels);
    }

    private static bool TryReadChunk(ReadOnlySpan<byte> file, ref int position, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data)
    {
        type = data = default;
        if (file.Length - position < ChunkFrame) return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
        if (length > (uint)(file.Length - position - ChunkFrame)) return false;
        type = file.Slice(position + 4, 4);
        data = file.Slice(position + 8, (int)length);
        var checksum = BinaryPrimitives.ReadUInt32BigEndian(file[(position + 8 + (int)length)..]);
        if (Crc32.HashToUInt32(file.Slice(position + 4, 4 + (int)length)) != checksum) return false;
        position += ChunkFrame + (int)length;
        return true;
    }

    // The checksum must be the last bytes of the data: ZLibStream also accepts data that ends before it or continues after it.
    private static bool TryInflate(ReadOnlySpan<byte> data, Span<byte> rows)
    {
        if (data.Length is < Checksum or > MaxData) return false;
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
            return zlib.ReadAtLeast(rows, rows.Length, throwOnEndOfStream: false) == rows.Length
                && zlib.ReadByte() < 0
                && Adler32(rows) == BinaryPrimitives.ReadUInt32BigEndian(data[^Checksum..]);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    // For so few bytes, the sums need to be reduced only once (RFC 1950).
    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        var (sum, sumOfSums) = (1u, 0u);
        foreach (var value in bytes) sumOfSums += sum += value;
        return ((sumOfSums % AdlerModulus) << 16) | (sum % AdlerModulus);
    }

    private static bool TryUndoFilters(ReadOnlySpan<byte> rows, Span<byte> pixels)
    {
        const int Side = DigitImage.Side;
        ReadOnlySpan<byte> above = stackalloc byte[Side];
        for (var row = 0; row < Side; row++)
        {
            var source = rows.Slice((row * (Side + 1)) + 1, Side);
            var target = pixels.Slice(row * Side, Side);
            var (left, corner) = (0, 0);
            switch (rows[row * (Side + 1)])
            {
                case 0:
                    source.CopyTo(target);
                    break;
                case 1:
                    for (var i = 0; i < Side; i++) left = target[i] = (byte)(source[i] + left);
                    break;
                case 2:
                    for (var i = 0; i < Side; i++) target[i] = (byte)(source[i] + above[i]);
                    break;
                case 3:
                    for (var i = 0; i < Side; i++) left = target[i] = (byte)(source[i] + ((left + above[i]) / 2));
                    break;
                case 4:
                    for (var i = 0; i < Side; i++)
                        (left, corner) = (target[i] = (byte)(source[i] + Paeth(left, above[i], corner)), above[i]);
                    break;
                default:
                    return false;
            }

            above = target;
        }

        return true;
    }

    private static int Paeth(int left, int up, int corner)
    {
        var (a, b, c) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - corner - corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }
}
