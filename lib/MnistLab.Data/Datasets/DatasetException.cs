namespace MnistLab.Data.Datasets;

/// <summary>
/// The exception that is thrown if a dataset cannot be used: a file is missing, damaged, or does not fit the others.
/// The message says which, and what to do.
/// </summary>
public class DatasetException : IOException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="path">The file or folder that failed.</param>
    /// <param name="message">The problem and the next step.</param>
    /// <param name="innerException">The cause, if any.</param>
    public DatasetException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>Gets the file or folder that failed.</summary>
    public string Path { get; }
}
