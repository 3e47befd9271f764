namespace MnistLab.Data.Datasets;

/// <summary>A dataset cannot be used: a file is missing, damaged, or does not fit the others. The message says which, and what to do.</summary>
public class DatasetException : IOException
{
    /// <summary>Describes what is wrong.</summary>
    /// <param name="path">The file or folder that is wrong.</param>
    /// <param name="message">What is wrong with it, and the next step.</param>
    /// <param name="innerException">What was thrown on the way, if anything.</param>
    public DatasetException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The file or folder that is wrong.</summary>
    public string Path { get; }
}
