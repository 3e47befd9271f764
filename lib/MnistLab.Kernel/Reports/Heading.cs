namespace MnistLab.Kernel.Reports;

/// <summary>Represents a heading of a notebook.</summary>
/// <param name="Level">The level, from 1 (the title) to 6.</param>
/// <param name="Text">The text, without markup.</param>
/// <param name="Anchor">The anchor in the report.</param>
internal sealed record Heading(int Level, string Text, string Anchor);
