namespace MnistLab.Kernel.Running;

/// <summary>
/// The exception that is thrown when notebooks cannot be selected or their results cannot be stored: a file or folder
/// is missing, a folder contains no notebook, two notebooks have the same name, or an executed notebook would overwrite
/// its source.
/// </summary>
public sealed class NotebookSelectionException : IOException
{
    /// <summary>Initializes an exception with a path and a problem.</summary>
    /// <param name="path">The file or folder that caused the error.</param>
    /// <param name="problem">The problem and the next step.</param>
    public NotebookSelectionException(string path, string problem)
        : base($"{path}: {problem}") => Path = path;

    /// <summary>Gets the file or folder that caused the error.</summary>
    public string Path { get; }
}
