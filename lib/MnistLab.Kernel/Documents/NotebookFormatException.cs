namespace MnistLab.Kernel;

/// <summary>A file that is not a notebook of nbformat 4; the message names the file, the place in it, and what is wrong there.</summary>
public sealed class NotebookFormatException : FormatException
{
    /// <summary>Tells that <paramref name="file"/> is no notebook because of <paramref name="problem"/>.</summary>
    public NotebookFormatException(string file, string problem, Exception? cause = null)
        : base($"'{file}' is not a notebook that can be read: {problem}", cause) => (File, Problem) = (file, problem);

    /// <summary>The file, as it was named to the reader.</summary>
    public string File { get; }

    /// <summary>What is wrong, and where in the file.</summary>
    public string Problem { get; }
}
