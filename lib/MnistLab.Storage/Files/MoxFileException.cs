namespace MnistLab.Storage.Files;

/// <summary>
/// The exception that is thrown for an invalid file operation. Its message says why it is invalid, and what to do.
/// </summary>
public sealed class MoxFileException : IOException
{
    /// <summary>Initializes the exception.</summary>
    public MoxFileException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>Gets the path or address that was passed to the operation.</summary>
    public string Path { get; }
}
