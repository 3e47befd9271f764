using System.Buffers.Binary;

namespace MnistLab.Data.Tests;

/// <summary>
/// Writes BMP and GIF files, which Skia can read but not write: a square with an upright bar that is a fifth as wide
/// and half as high as the square.
/// </summary>
internal static class PlainPictures
{
    public static byte[] Bmp(int side, bool isDarkOnLight)
    {
        var row = (3 * side + 3) / 4 * 4;
        var file = new byte[54 + (row * side)];
        "BM"u8.CopyTo(file);
        foreach (var (offset, value) in new[] { (2, file.Length), (10, 54), (14, 40), (18, side), (22, side), (26, 1 | (24 << 16)) }) BinaryPrimitives.WriteInt32LittleEndian(
            file.AsSpan(offset), value);
        for (var i = 0; i < side * side; i++)
            file.AsSpan(54 + (i / side * row) + (3 * (i % side)), 3).Fill(IsInk(i, side) == isDarkOnLight ? (byte)20 : (byte)230);
        return file;
    }

    public static byte[] Gif(int side, bool isDarkOnLight)
    {
        var (paper, ink) = isDarkOnLight ? ((byte)230, (byte)20) : ((byte)20, (byte)230);
        var file = new List<byte>([.. "GIF89a"u8,
            (byte)side,
            0,
            (byte)side,
            0,
            0x81,
            0,
            0,
            paper,
            paper,
            paper,
            ink,
            ink,
            ink,
            0,
            0,
            0,
            0,
            0,
            0,
            0x2C,
            0,
            0,
            0,
            0,
            (byte)side,
            0,
            (byte)side,
            0,
            0,
            2]);
        // LZW without compression: the code table is cleared before it would need longer codes than 3 bits.
        var (bits, count) = (0, 0);
        var data = new List<byte>();
        void Code(int code)
        {
            bits |= code << count;
            for (count += 3; count >= 8; count -= 8, bits >>= 8) data.Add((byte)bits);
        }

        for (var i = 0; i < side * side; i++)
        {
            if (i % 2 == 0) Code(4);
            Code(IsInk(i, side) ? 1 : 0);
        }

        Code(5);
        if (count > 0) data.Add((byte)bits);
        foreach (var block in data.Chunk(255)) file.AddRange([(byte)block.Length, .. block]);
        file.AddRange([0, 0x3B]);
        return [.. file];
    }

    private static bool IsInk(int pixel, int side)
    {
        var (x, y) = (pixel % side, pixel / side);
        return x >= side * 2 / 5 && x < side * 3 / 5 && y >= side / 4 && y < side * 3 / 4;
    }
}
