using System.Buffers.Binary;
using System.IO.Hashing;

namespace MnistLab.Data.Tests;

/// <summary>Writes an orientation to the Exif data of an image file.</summary>
internal static class Orientations
{
    public static byte[] InPng(byte[] png, int orientation, bool isLittleEndian)
    {
        const int AfterHeader = 8 + 25;
        byte[] named = [.. "eXIf"u8, .. Tiff(orientation, isLittleEndian)];
        var chunk = new byte[4 + named.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(chunk, named.Length - 4);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + named.Length), Crc32.HashToUInt32(named));
        return [.. png.AsSpan(0, AfterHeader), .. chunk, .. png.AsSpan(AfterHeader)];
    }

    public static byte[] InJpeg(byte[] jpeg, int orientation, bool isLittleEndian)
    {
        byte[] exif = [.. "Exif\0\0"u8, .. Tiff(orientation, isLittleEndian)];
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(exif.Length + 2));
        return [.. jpeg.AsSpan(0, 2), 0xFF, 0xE1, .. length, .. exif, .. jpeg.AsSpan(2)];
    }

    /// <summary>
    /// A TIFF structure whose first directory has two entries, of which the second is the orientation.
    /// </summary>
    private static byte[] Tiff(int orientation, bool isLittleEndian)
    {
        var tiff = new byte[8 + 2 + (2 * 12) + 4];
        (isLittleEndian ? "II"u8 : "MM"u8).CopyTo(tiff);
        Short(2, 42);
        Long(4, 8);
        Short(8, 2);
        Entry(10, 0x0100, 640);
        Entry(22, 0x0112, orientation);
        return tiff;

        void Entry(int at, int tag, int value)
        {
            Short(at, tag);
            Short(at + 2, 3);
            Long(at + 4, 1);
            Short(at + 8, value);
        }

        void Short(int at, int value)
        {
            if (isLittleEndian) BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), (ushort)value);
            else BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), (ushort)value);
        }

        void Long(int at, int value)
        {
            if (isLittleEndian) BinaryPrimitives.WriteInt32LittleEndian(tiff.AsSpan(at), value);
            else BinaryPrimitives.WriteInt32BigEndian(tiff.AsSpan(at), value);
        }
    }
}
