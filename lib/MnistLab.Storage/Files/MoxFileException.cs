namespace MnistLab.Storage.Files;

/// <summary>A file operation makes no sense where it was asked for; the message says what is there, and what to do.</summary>
public sealed class MoxFileException : IOException
{
    /// <summary>Describes what is wrong.</summary>
    public MoxFileException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The path or address that was given.</summary>
    public string Path { get; }
}
