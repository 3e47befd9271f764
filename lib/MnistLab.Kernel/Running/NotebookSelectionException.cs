namespace MnistLab.Kernel;

/// <summary>There is nothing to run, or no place to put the result: a file or folder is missing, a folder holds no notebook, two notebooks have one name.</summary>
public sealed class NotebookSelectionException : IOException
{
    /// <summary>Describes what is wrong.</summary>
    /// <param name="path">The file or folder in question.</param>
    /// <param name="problem">What is wrong with it, and what to do.</param>
    public NotebookSelectionException(string path, string problem)
        : base($"{path}: {problem}") => Path = path;

    /// <summary>The file or folder in question.</summary>
    public string Path { get; }
}
