using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace MnistLab.Data.Tests;

/// <summary>Writes 8-bit gray PNG files with any filters.</summary>
internal static class PngFile
{
    public static byte[] Write(
        byte[] pixels,
        int side,
        Func<int, int> filterOfRow,
        CompressionLevel level,
        int parts = 1,
        Func<byte[], byte[]>? change = null)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 8;
        WriteChunk(file, "IHDR"u8, header);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, level, leaveOpen: true))
        {
            for (var row = 0; row < side; row++)
            {
                var filter = filterOfRow(row);
                zlib.WriteByte((byte)filter);
                for (var x = 0; x < side; x++)
                    zlib.WriteByte((byte)(At(x, row) - Prediction(filter, At(x - 1, row), At(x, row - 1), At(x - 1, row - 1))));
            }
        }

        var compressed = change?.Invoke(data.ToArray()) ?? data.ToArray();
        foreach (var part in compressed.Chunk((compressed.Length / parts) + 1)) WriteChunk(file, "IDAT"u8, part);
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();

        int At(int x, int y) => x < 0 || y < 0 ? 0 : pixels[(y * side) + x];
    }

    private static int Prediction(int filter, int left, int up, int corner)
    {
        var estimate = left + up - corner;
        return filter switch
        {
            0 => 0,
            1 => left,
            2 => up,
            3 => (left + up) / 2,
            _ => new[] { left, up, corner }.MinBy(value => Math.Abs(estimate - value)),
        };
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, byte[] content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] named = [.. type, .. content];
        file.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(named));
        file.Write(number);
    }
}
