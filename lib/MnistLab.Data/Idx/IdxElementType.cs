namespace MnistLab.Data.Idx;

/// <summary>
/// Specifies the type of the elements of an IDX file: the third byte of the file. Values of more than one byte are
/// big-endian.
/// </summary>
public enum IdxElementType : byte
{
    /// <summary>An unsigned byte.</summary>
    UInt8 = 0x08,

    /// <summary>A signed byte.</summary>
    Int8 = 0x09,

    /// <summary>A signed 2-byte integer.</summary>
    Int16 = 0x0B,

    /// <summary>A signed 4-byte integer.</summary>
    Int32 = 0x0C,

    /// <summary>A 4-byte IEEE 754 number.</summary>
    Single = 0x0D,

    /// <summary>An 8-byte IEEE 754 number.</summary>
    Double = 0x0E,
}
