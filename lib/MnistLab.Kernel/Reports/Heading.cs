namespace MnistLab.Kernel;

/// <summary>A heading of a notebook.</summary>
/// <param name="Level">1 for the title, to 6.</param>
/// <param name="Text">Its text, without markup.</param>
/// <param name="Anchor">Its anchor in the report.</param>
internal sealed record Heading(int Level, string Text, string Anchor);
