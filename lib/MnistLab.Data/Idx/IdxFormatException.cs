namespace MnistLab.Data.Idx;

/// <summary>A file is not the IDX file it should be.</summary>
public sealed class IdxFormatException : IOException
{
    /// <summary>Describes what is wrong, where.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where in the decompressed content, in bytes from its start.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="found">What is there.</param>
    /// <param name="innerException">What was thrown on the way, if anything.</param>
    public IdxFormatException(string file, long offset, string expected, string found, Exception? innerException = null)
        : base(FormattableString.Invariant($"{file} is no valid IDX file: at byte {offset} there should be {expected}, but there is {found}. Get the file again."), innerException) =>
        (File, Offset, Expected, Found) = (file, offset, expected, found);

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Where in the decompressed content, in bytes from its start.</summary>
    public long Offset { get; }

    /// <summary>What should be there.</summary>
    public string Expected { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }
}
