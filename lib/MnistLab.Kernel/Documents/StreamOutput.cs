namespace MnistLab.Kernel.Documents;

/// <summary>Represents text that the cell wrote to one of its streams.</summary>
/// <param name="Name">The stream.</param>
/// <param name="Text">The text, which may contain ANSI escape sequences.</param>
public sealed record StreamOutput(StreamName Name, string Text) : NotebookOutput;
