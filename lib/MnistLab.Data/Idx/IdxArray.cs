using System.Globalization;

namespace MnistLab.Data.Idx;

/// <summary>Represents the content of an IDX file: a dense array of numbers.</summary>
public sealed class IdxArray
{
    /// <summary>Initializes an array.</summary>
    /// <param name="elementType">The type of the elements.</param>
    /// <param name="dimensions">The size of each dimension, outermost first: 1 to 255 of them, none negative.</param>
    /// <param name="data">
    /// The elements in row-major order, big-endian; its length must match the dimensions and the element type.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The dimensions are not valid, or the length of the data does not match them.
    /// </exception>
    public IdxArray(IdxElementType elementType, IReadOnlyList<int> dimensions, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        ArgumentNullException.ThrowIfNull(data);
        if (dimensions.Count is 0 or > 255 || dimensions.Any(size => size < 0))
        {
            var sizes = string.Join(", ", dimensions.Select(size => size.ToString(CultureInfo.InvariantCulture)));
            throw new ArgumentException(
                $"[{sizes}] are not valid dimensions: there must be 1 to 255 dimensions, none of them negative.", nameof(dimensions));
        }

        var expected = LengthOf(elementType, dimensions);
        if (expected != data.Length)
            throw new ArgumentException(
                $"{string.Join(" × ", dimensions)} elements of type {elementType} take {expected?.ToString(CultureInfo.InvariantCulture) ?? "too many"} bytes, not {data.Length}.",
                nameof(data));
        (ElementType, Dimensions, Data) = (elementType, dimensions, data);
    }

    /// <summary>Gets the type of the elements.</summary>
    public IdxElementType ElementType { get; }

    /// <summary>Gets the size of each dimension, outermost first.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>Gets the elements in row-major order, big-endian, as in the file.</summary>
    public byte[] Data { get; }

    /// <summary>Returns the size of an element in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not an IDX element type.</exception>
    internal static int SizeOf(IdxElementType type) => type switch
    {
        IdxElementType.UInt8 or IdxElementType.Int8 => 1,
        IdxElementType.Int16 => 2,
        IdxElementType.Int32 or IdxElementType.Single => 4,
        IdxElementType.Double => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This is not a valid IDX element type."),
    };

    /// <summary>Returns the length of the elements of an array in bytes; null if it exceeds 2^63 − 1.</summary>
    internal static long? LengthOf(IdxElementType type, IReadOnlyList<int> dimensions)
    {
        // If any size is zero, the array is empty; check this first, as the product of the others may overflow.
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
