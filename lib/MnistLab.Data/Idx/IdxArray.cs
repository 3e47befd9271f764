using System.Globalization;

namespace MnistLab.Data.Idx;

/// <summary>What an IDX file holds: a dense array of numbers.</summary>
public sealed class IdxArray
{
    /// <summary>Describes an array.</summary>
    /// <param name="elementType">The type of the elements.</param>
    /// <param name="dimensions">The size of each dimension, outermost first: 1 to 255 of them, none negative.</param>
    /// <param name="data">The elements in row-major order, big-endian: exactly as many bytes as the dimensions ask for.</param>
    /// <exception cref="ArgumentException">Type, dimensions and data do not fit together.</exception>
    public IdxArray(IdxElementType elementType, IReadOnlyList<int> dimensions, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        ArgumentNullException.ThrowIfNull(data);
        if (dimensions.Count is 0 or > 255 || dimensions.Any(size => size < 0))
        {
            var sizes = string.Join(", ", dimensions.Select(size => size.ToString(CultureInfo.InvariantCulture)));
            throw new ArgumentException(
                $"[{sizes}] are not valid dimensions: there must be 1 to 255, none of them negative.", nameof(dimensions));
        }

        var expected = LengthOf(elementType, dimensions);
        if (expected != data.Length)
            throw new ArgumentException($"{string.Join(" × ", dimensions)} elements of type {elementType} take {expected?.ToString(CultureInfo.InvariantCulture) ?? "too many"} bytes, not {data.Length}.", nameof(data));
        (ElementType, Dimensions, Data) = (elementType, dimensions, data);
    }

    /// <summary>The type of the elements.</summary>
    public IdxElementType ElementType { get; }

    /// <summary>The size of each dimension, outermost first.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>The elements in row-major order, big-endian, as in the file.</summary>
    public byte[] Data { get; }

    /// <summary>The size of an element, in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type.</exception>
    internal static int SizeOf(IdxElementType type) => type switch
    {
        IdxElementType.UInt8 or IdxElementType.Int8 => 1,
        IdxElementType.Int16 => 2,
        IdxElementType.Int32 or IdxElementType.Single => 4,
        IdxElementType.Double => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "IDX has no such element type."),
    };

    /// <summary>How many bytes the elements of an array take; null if that is more than 2^63 - 1.</summary>
    internal static long? LengthOf(IdxElementType type, IReadOnlyList<int> dimensions)
    {
        // A size of zero makes the array empty, whatever the others are.
        if (dimensions.Contains(0)) return 0;
        Int128 length = SizeOf(type);
        foreach (var size in dimensions)
        {
            length *= size;
            if (length > long.MaxValue) return null;
        }

        return (long)length;
    }
}
