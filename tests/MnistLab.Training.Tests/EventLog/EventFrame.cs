using System.Buffers.Binary;

namespace MnistLab.Training.Tests;

/// <summary>Computes the frame around each event of an event file with a simple, slow implementation.</summary>
internal static class EventFrame
{
    public static byte[] Of(byte[] content)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, content.Length);
        return [.. length, .. BitConverter.GetBytes(Masked(length)), .. content, .. BitConverter.GetBytes(Masked(content))];
    }

    private static uint Masked(byte[] bytes)
    {
        // The check value of CRC-32C, which verifies this implementation.
        Assert.Equal(0xe3069283, Crc("123456789"u8.ToArray()));
        var crc = Crc(bytes);
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
        }

        return ~crc;
    }
}
