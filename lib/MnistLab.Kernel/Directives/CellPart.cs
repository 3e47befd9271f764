namespace MnistLab.Kernel;

/// <summary>A part of a cell, from one directive that begins one to the next.</summary>
/// <param name="Kind">What is done with it.</param>
/// <param name="Text">
/// Its text. C# has as many lines before it as in the cell, and blanks where directives are, so that places in it are
/// places in the cell;
/// of what is only shown, the text begins behind the directive.
/// </param>
internal sealed record CellPart(CellPartKind Kind, string Text)
{
    /// <summary>The line of the cell, from 1, whose directive begins the part.</summary>
    public int Line { get; init; } = 1;

    /// <summary>The name of the directive that a command begins with.</summary>
    public string Name => Text.Split((char[]?)null, 2)[0];
}
