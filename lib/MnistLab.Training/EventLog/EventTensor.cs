using System.Buffers.Binary;

namespace MnistLab.Training.EventLog;

/// <summary>
/// Reads the tensors in an event file, as TensorFlow 2 and Keras write them: the values are stored either as raw
/// little-endian bytes or individually in the field of their type (tensor.proto and types.proto of TensorBoard). If
/// there are fewer values than elements in the shape, the last value is repeated; if there are none, all elements are
/// zero.
/// </summary>
internal static class EventTensor
{
    // The values of the DataType enum in types.proto, such as DT_FLOAT.
    private const int Float = 1;
    private const int Double = 2;
    private const int Int32 = 3;
    private const int UInt8 = 4;
    private const int Int16 = 5;
    private const int Int8 = 6;
    private const int Int64 = 9;
    private const int Bool = 10;
    private const int BFloat16 = 14;
    private const int UInt16 = 17;
    private const int Half = 19;
    private const int UInt32 = 22;
    private const int UInt64 = 23;

    // Keeps a small file from expanding into a huge array.
    private const int MaxRepeated = 1 << 20;

    /// <summary>
    /// Returns the values of a tensor of numbers, in row-major order; null for a tensor of another type.
    /// </summary>
    /// <exception cref="FormatException">The values do not fit the shape.</exception>
    public static double[]? NumbersOf(TensorProto tensor)
    {
        var values = tensor.TensorContent.IsEmpty ? FieldOf(tensor) : RawOf(tensor);
        if (values is null) return null;
        var dimensions = tensor.TensorShape?.Dim.Select(dimension => dimension.Size).ToArray() ?? [];
        var count = dimensions.Aggregate((Int128)1, (product, size) => product * size);
        if (dimensions.Any(size => size < 0) || count > int.MaxValue || values.Length > count)
            throw new FormatException($"a tensor has {values.Length} values, but the shape [{string.Join(", ", dimensions)}]");
        if (values.Length == count) return values;
        if (count > MaxRepeated) throw new FormatException($"a tensor repeats its values {count} times");
        return [.. values, .. Enumerable.Repeat(values.Length == 0 ? 0 : values[^1], (int)count - values.Length)];
    }

    private static double[]? FieldOf(TensorProto tensor) => tensor.Dtype switch
    {
        Float => [.. tensor.FloatVal.Select(value => (double)value)],
        Double => [.. tensor.DoubleVal],
        Int32 or UInt8 or Int16 or Int8 or UInt16 => [.. tensor.IntVal.Select(value => (double)value)],
        Int64 => [.. tensor.Int64Val.Select(value => (double)value)],
        Bool => [.. tensor.BoolVal.Select(value => value ? 1.0 : 0)],
        Half => [.. tensor.HalfVal.Select(value => (double)BitConverter.UInt16BitsToHalf((ushort)value))],
        BFloat16 => [.. tensor.HalfVal.Select(value => (double)FromBFloat16((ushort)value))],
        UInt32 => [.. tensor.Uint32Val.Select(value => (double)value)],
        UInt64 => [.. tensor.Uint64Val.Select(value => (double)value)],
        _ => null,
    };

    private static double[]? RawOf(TensorProto tensor)
    {
        var bytes = tensor.TensorContent.Span;
        return tensor.Dtype switch
        {
            Float => Read(bytes, sizeof(float), item => BinaryPrimitives.ReadSingleLittleEndian(item)),
            Double => Read(bytes, sizeof(double), BinaryPrimitives.ReadDoubleLittleEndian),
            Int32 => Read(bytes, sizeof(int), item => BinaryPrimitives.ReadInt32LittleEndian(item)),
            UInt8 => Read(bytes, 1, item => item[0]),
            Int16 => Read(bytes, sizeof(short), item => BinaryPrimitives.ReadInt16LittleEndian(item)),
            Int8 => Read(bytes, 1, item => (sbyte)item[0]),
            Int64 => Read(bytes, sizeof(long), item => BinaryPrimitives.ReadInt64LittleEndian(item)),
            Bool => Read(bytes, 1, item => item[0] == 0 ? 0 : 1),
            BFloat16 => Read(bytes, sizeof(ushort), item => FromBFloat16(BinaryPrimitives.ReadUInt16LittleEndian(item))),
            UInt16 => Read(bytes, sizeof(ushort), item => BinaryPrimitives.ReadUInt16LittleEndian(item)),
            Half => Read(bytes, sizeof(ushort), item => (double)BinaryPrimitives.ReadHalfLittleEndian(item)),
            UInt32 => Read(bytes, sizeof(uint), item => BinaryPrimitives.ReadUInt32LittleEndian(item)),
            UInt64 => Read(bytes, sizeof(ulong), item => BinaryPrimitives.ReadUInt64LittleEndian(item)),
            _ => null,
        };
    }

    private static double[] Read(ReadOnlySpan<byte> bytes, int size, ReadNumber read)
    {
        if (bytes.Length % size != 0) throw new FormatException($"a tensor has {bytes.Length} bytes, but its numbers take {size} each");
        var values = new double[bytes.Length / size];
        for (var i = 0; i < values.Length; i++) values[i] = read(bytes.Slice(i * size, size));
        return values;
    }

    // A bfloat16 is the upper half of a float.
    private static float FromBFloat16(ushort bits) => BitConverter.Int32BitsToSingle(bits << 16);

    private delegate double ReadNumber(ReadOnlySpan<byte> bytes);
}
