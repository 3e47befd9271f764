using System.Buffers.Binary;
using System.Numerics;

namespace MnistLab.Training.EventLog;

/// <summary>
/// Provides the TFRecord framing of events: the length as 8 bytes, the masked CRC-32C of the length, the event, and the
/// masked CRC-32C of the event, all little-endian.
/// </summary>
internal static class EventRecord
{
    public const int HeaderLength = 12;
    public const int FooterLength = 4;

    private const uint MaskDelta = 0xa282ead8;

    /// <summary>Returns an event as a framed record.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> content)
    {
        var record = new byte[HeaderLength + content.Length + FooterLength];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        content.CopyTo(record.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderLength + content.Length), MaskedCrc(content));
        return record;
    }

    /// <summary>
    /// Computes the masked CRC-32C (RFC 3720, B.4): rotated by 15 bits, plus a constant. Without the mask, the CRC of
    /// data that itself contains CRCs would be weak.
    /// </summary>
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
