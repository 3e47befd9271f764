namespace MnistLab.Kernel;

/// <summary>What is known about the name, or the call, at a place of a cell.</summary>
/// <param name="Text">Signature and documentation as plain text.</param>
/// <param name="Markdown">The same in Markdown.</param>
public sealed record CellDescription(string Text, string Markdown);
