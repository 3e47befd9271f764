namespace MnistLab.Storage;

/// <summary>Represents a range of the bytes of an object.</summary>
/// <param name="Offset">The offset of the first byte, from 0.</param>
/// <param name="Length">The maximum number of bytes, at least 1; fewer are returned if the object ends earlier.</param>
public readonly record struct ByteRange(long Offset, long Length);
