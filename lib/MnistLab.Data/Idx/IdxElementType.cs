namespace MnistLab.Data.Idx;

/// <summary>The type of an IDX file's elements: the third byte of the file. Values of more than one byte are big-endian.</summary>
public enum IdxElementType : byte
{
    /// <summary>Unsigned byte.</summary>
    UInt8 = 0x08,

    /// <summary>Signed byte.</summary>
    Int8 = 0x09,

    /// <summary>Signed integer of 2 bytes.</summary>
    Int16 = 0x0B,

    /// <summary>Signed integer of 4 bytes.</summary>
    Int32 = 0x0C,

    /// <summary>IEEE 754 number of 4 bytes.</summary>
    Single = 0x0D,

    /// <summary>IEEE 754 number of 8 bytes.</summary>
    Double = 0x0E,
}
