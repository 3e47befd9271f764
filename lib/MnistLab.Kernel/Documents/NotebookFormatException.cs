namespace MnistLab.Kernel.Documents;

/// <summary>
/// The exception that is thrown when a file is not a valid notebook. The message contains the file, the place in the
/// file, and the problem.
/// </summary>
public sealed class NotebookFormatException : FormatException
{
    /// <summary>
    /// Initializes an exception for <paramref name="file"/>, which is not a valid notebook because of
    /// <paramref name="problem"/>.
    /// </summary>
    public NotebookFormatException(string file, string problem, Exception? cause = null)
        : base($"The notebook '{file}' cannot be used: {problem}", cause) => (File, Problem) = (file, problem);

    /// <summary>Gets the path that was passed to the reader.</summary>
    public string File { get; }

    /// <summary>Gets the problem, and its place in the file.</summary>
    public string Problem { get; }
}
