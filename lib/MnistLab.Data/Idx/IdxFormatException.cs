namespace MnistLab.Data.Idx;

/// <summary>The exception that is thrown if a file is not a valid IDX file.</summary>
public sealed class IdxFormatException : IOException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">The offset in the decompressed content, in bytes.</param>
    /// <param name="expected">The expected content at the offset.</param>
    /// <param name="found">The actual content at the offset.</param>
    /// <param name="innerException">The cause, if any.</param>
    public IdxFormatException(string file, long offset, string expected, string found, Exception? innerException = null)
        : base(
            FormattableString.Invariant(
                $"{file} is not a valid IDX file: expected {expected} at byte {offset}, but found {found}. Get the file again."),
            innerException) =>
        (File, Offset, Expected, Found) = (file, offset, expected, found);

    /// <summary>Gets the file.</summary>
    public string File { get; }

    /// <summary>Gets the offset in the decompressed content, in bytes.</summary>
    public long Offset { get; }

    /// <summary>Gets the expected content at the offset.</summary>
    public string Expected { get; }

    /// <summary>Gets the actual content at the offset.</summary>
    public string Found { get; }
}
