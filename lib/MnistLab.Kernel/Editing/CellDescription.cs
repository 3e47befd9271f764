namespace MnistLab.Kernel.Editing;

/// <summary>Represents a description of the name or call at a position in a cell.</summary>
/// <param name="Text">The signature and documentation as plain text.</param>
/// <param name="Markdown">The signature and documentation as Markdown.</param>
public sealed record CellDescription(string Text, string Markdown);
