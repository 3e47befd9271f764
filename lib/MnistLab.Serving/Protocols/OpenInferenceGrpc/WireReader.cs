using System.Buffers.Binary;
using System.Text;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// Reads the fields of a protobuf message where they lie, one after the other. The generated classes would make an object
/// of every element before any of them can be checked: 12 MB of empty tensors take half a gigabyte.
/// </summary>
/// <remarks>Format: https://protobuf.dev/programming-guides/encoding/.</remarks>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The types of values on the wire.</summary>
    internal enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>Gets the number of the present field.</summary>
    public int Field { get; private set; }

    /// <summary>Gets the type of the present field; its value has to be read or skipped.</summary>
    public WireType Type { get; private set; }

    /// <summary>Moves to the next field; returns false at the end of the message.</summary>
    /// <exception cref="InvalidDataException">What follows is not a field.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        var tag = ReadVarint();
        (Field, Type) = ((int)(tag >> 3), (WireType)(tag & 7));
        return tag <= uint.MaxValue && Field > 0 ? true : throw new InvalidDataException("a field has no number");
    }

    /// <summary>Reads text.</summary>
    /// <exception cref="InvalidDataException">It is not text, not UTF-8, or cut short.</exception>
    public string ReadText()
    {
        try
        {
            return Utf8.GetString(ReadBytes());
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"field {Field} is not UTF-8", exception);
        }
    }

    /// <summary>Reads bytes, text, an embedded message, or packed numbers.</summary>
    /// <exception cref="InvalidDataException">The field is of another type, or cut short.</exception>
    public ReadOnlySpan<byte> ReadBytes()
    {
        if (Type != WireType.Bytes) throw new InvalidDataException($"field {Field} has the wrong type");
        var length = ReadVarint();
        return length <= (ulong)_rest.Length ? Take((int)length) : throw new InvalidDataException($"field {Field} is cut short");
    }

    /// <summary>Reads whole numbers, packed or one, and adds them.</summary>
    /// <exception cref="InvalidDataException">They are not numbers, or there are more than the maximum.</exception>
    public void ReadIntegers(List<long> numbers, int max)
    {
        if (Type == WireType.Varint)
        {
            numbers.Add((long)ReadVarint());
        }
        else
        {
            var packed = new WireReader(ReadBytes());
            while (!packed._rest.IsEmpty && numbers.Count <= max) numbers.Add((long)packed.ReadVarint());
        }

        if (numbers.Count > max) throw new InvalidDataException($"field {Field} has more than {max} numbers");
    }

    /// <summary>Reads one number of four bytes.</summary>
    /// <exception cref="InvalidDataException">It is cut short.</exception>
    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    /// <summary>Skips the value of the present field.</summary>
    /// <exception cref="InvalidDataException">It is cut short, or of an unknown type.</exception>
    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                Take(sizeof(ulong));
                break;
            case WireType.Bytes:
                ReadBytes();
                break;
            case WireType.Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw new InvalidDataException($"field {Field} is of an unknown type");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw new InvalidDataException($"field {Field} is cut short");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var i = 0; i < _rest.Length && i < 10; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] > 0x7F) continue;
            _rest = _rest[(i + 1)..];
            return value;
        }

        throw new InvalidDataException("a number is cut short");
    }
}
