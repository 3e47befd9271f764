namespace MnistLab.Kernel;

/// <summary>The value of the cell's last expression.</summary>
/// <param name="ExecutionCount">The number of the execution that had this result, from 1.</param>
/// <param name="Data">The value in one or more forms.</param>
public sealed record ResultOutput(int ExecutionCount, MimeBundle Data) : NotebookOutput;
