namespace MnistLab.Storage;

/// <summary>A part of an object.</summary>
/// <param name="Offset">The first byte, from 0.</param>
/// <param name="Length">How many bytes, at least 1; fewer come back where the object ends earlier.</param>
public readonly record struct ByteRange(long Offset, long Length);
