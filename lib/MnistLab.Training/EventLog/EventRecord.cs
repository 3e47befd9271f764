using System.Buffers.Binary;
using System.Numerics;

namespace MnistLab.Training.EventLog;

/// <summary>
/// The frame around each event (TFRecord): its length as 8 bytes, the masked CRC-32C of those, the event, the masked CRC-32C of it; all little-endian.
/// </summary>
internal static class EventRecord
{
    public const int HeaderLength = 12;
    public const int FooterLength = 4;

    private const uint MaskDelta = 0xa282ead8;

    /// <summary>An event in its frame.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> content)
    {
        var record = new byte[HeaderLength + content.Length + FooterLength];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        content.CopyTo(record.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderLength + content.Length), MaskedCrc(content));
        return record;
    }

    /// <summary>CRC-32C (RFC 3720, B.4), turned by 15 bits and moved by a constant: a CRC of data that holds CRCs would be weak otherwise.</summary>
    public static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes) crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }
}
