using System.Buffers.Binary;
using SkiaSharp;

namespace MnistLab.Data.Images;

/// <summary>
/// Reads the orientation from the eXIf chunk of a PNG file (PNG specification, third edition; Exif 2.3).
/// </summary>
internal static class PngExif
{
    private const int Header = 8;
    private const int ChunkFrame = 12;
    private const int EntrySize = 12;
    private const int OrientationTag = 0x0112;
    private const int ShortType = 3;

    /// <summary>
    /// Returns the orientation, or <see cref="SKEncodedOrigin.TopLeft"/> if it is missing or not valid.
    /// </summary>
    /// <param name="file">The whole file.</param>
    public static SKEncodedOrigin Origin(ReadOnlySpan<byte> file)
    {
        for (var position = Header; file.Length - position >= ChunkFrame;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
            if (length > (uint)(file.Length - position - ChunkFrame)) break;
            var isExif = file.Slice(position + 4, 4).SequenceEqual("eXIf"u8);
            if (isExif) return Read(file.Slice(position + 8, (int)length));
            position += ChunkFrame + (int)length;
        }

        return SKEncodedOrigin.TopLeft;
    }

    /// <summary>Finds the orientation in the first directory of a TIFF structure.</summary>
    private static SKEncodedOrigin Read(ReadOnlySpan<byte> tiff)
    {
        var isLittleEndian = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || !(isLittleEndian || tiff.StartsWith("MM\0*"u8))) return SKEncodedOrigin.TopLeft;
        var offset = isLittleEndian
            ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (offset > (uint)(tiff.Length - 2)) return SKEncodedOrigin.TopLeft;
        var entries = tiff[((int)offset + 2)..];
        var count = Math.Min(Short(tiff[(int)offset..]), entries.Length / EntrySize);
        for (var i = 0; i < count; i++)
        {
            var entry = entries.Slice(i * EntrySize, EntrySize);
            if (Short(entry) != OrientationTag || Short(entry[2..]) != ShortType) continue;
            var origin = (SKEncodedOrigin)Short(entry[8..]);
            return Enum.IsDefined(origin) ? origin : SKEncodedOrigin.TopLeft;
        }

        return SKEncodedOrigin.TopLeft;

        int Short(ReadOnlySpan<byte> bytes) => isLittleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes)
            : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }
}
