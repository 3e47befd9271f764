using System.Buffers.Binary;
using System.Text;

namespace MnistLab.Serving.Protocols.OpenInferenceGrpc;

/// <summary>
/// Reads the fields of a protobuf message in place, one at a time. The generated classes would allocate an object for
/// every element before any can be validated: 12 MB of empty tensors would take half a gigabyte.
/// </summary>
/// <remarks>Format: https://protobuf.dev/programming-guides/encoding/.</remarks>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Specifies the wire type of a value.</summary>
    internal enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>Gets the number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>
    /// Gets the wire type of the current field, whose value must be read or skipped before the next field.
    /// </summary>
    public WireType Type { get; private set; }

    /// <summary>Advances to the next field; returns false at the end of the message.</summary>
    /// <exception cref="InvalidDataException">The tag is not that of a valid field.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        var tag = ReadVarint();
        (Field, Type) = ((int)(tag >> 3), (WireType)(tag & 7));
        return tag <= uint.MaxValue && Field > 0 ? true : throw new InvalidDataException("a field has no number");
    }

    /// <summary>Reads a string.</summary>
    /// <exception cref="InvalidDataException">The field is not a string, is not valid UTF-8, or is
    /// truncated.</exception>
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

    /// <summary>Reads a length-delimited value: bytes, a string, an embedded message, or packed numbers.</summary>
    /// <exception cref="InvalidDataException">The field has another wire type or is truncated.</exception>
    public ReadOnlySpan<byte> ReadBytes()
    {
        if (Type != WireType.Bytes) throw new InvalidDataException($"field {Field} has the wrong type");
        var length = ReadVarint();
        return length <= (ulong)_rest.Length ? Take((int)length) : throw new InvalidDataException($"field {Field} is truncated");
    }

    /// <summary>
    /// Reads one integer or a packed list of integers and appends them to <paramref name="numbers"/>.
    /// </summary>
    /// <exception cref="InvalidDataException">The values are not integers, or the list exceeds <paramref name="max"/>
    /// elements.</exception>
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

    /// <summary>Reads a 32-bit floating-point number.</summary>
    /// <exception cref="InvalidDataException">The value is truncated.</exception>
    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    /// <summary>Skips the value of the current field.</summary>
    /// <exception cref="InvalidDataException">The value is truncated or has an unknown wire type.</exception>
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
        if (count > _rest.Length) throw new InvalidDataException($"field {Field} is truncated");
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

        throw new InvalidDataException("a number is truncated");
    }
}
