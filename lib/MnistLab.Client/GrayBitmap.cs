using System.Buffers.Binary;

namespace MnistLab.Client;

/// <summary>Writes grayscale images as BMP files with 8 bits per pixel and a palette of 256 shades.</summary>
internal static class GrayBitmap
{
    private const int FileHeaderSize = 14;
    private const int InfoHeaderSize = 40;
    private const int Shades = 256;
    private const int Alignment = 4;

    /// <summary>Writes an image.</summary>
    /// <param name="pixels">Height × width shades, 0 (black) to 255 (white), in row-major order from the top.</param>
    /// <param name="width">The width in pixels, at least 1; must divide the number of pixels.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(ReadOnlySpan<byte> pixels, int width)
    {
        var height = pixels.Length / width;
        // Rows are padded to multiples of four bytes.
        var stride = (width + Alignment - 1) / Alignment * Alignment;
        const int Start = FileHeaderSize + InfoHeaderSize + (Shades * 4);
        var file = new byte[Start + (stride * height)];

        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), Start);

        var info = file.AsSpan(FileHeaderSize, InfoHeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(info, InfoHeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(info[4..], width);
        BinaryPrimitives.WriteInt32LittleEndian(info[8..], height);
        BinaryPrimitives.WriteInt16LittleEndian(info[12..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(info[14..], 8);
        BinaryPrimitives.WriteInt32LittleEndian(info[20..], stride * height);

        var palette = file.AsSpan(FileHeaderSize + InfoHeaderSize, Shades * 4);
        for (var shade = 0; shade < Shades; shade++) palette.Slice(shade * 4, 3).Fill((byte)shade);

        // BMP stores the rows from bottom to top.
        for (var row = 0; row < height; row++) pixels.Slice(row * width, width).CopyTo(file.AsSpan(Start + ((height - 1 - row) * stride)));
        return file;
    }
}
