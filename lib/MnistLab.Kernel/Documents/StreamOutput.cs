namespace MnistLab.Kernel;

/// <summary>Text that the cell wrote to one of its streams.</summary>
/// <param name="Name">The stream.</param>
/// <param name="Text">The text; may hold ANSI escape sequences.</param>
public sealed record StreamOutput(StreamName Name, string Text) : NotebookOutput;
