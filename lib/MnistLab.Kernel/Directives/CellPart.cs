namespace MnistLab.Kernel.Directives;

/// <summary>Represents a part of a cell, from one directive that begins a part to the next.</summary>
/// <param name="Kind">The kind of the part, which decides how it is processed.</param>
/// <param name="Text">
/// The text of the part. The text of a C# part has as many lines before it as in the cell, and blanks in place of
/// directives, so that its line numbers are those of the cell. The text of any other part begins after its directive.
/// </param>
internal sealed record CellPart(CellPartKind Kind, string Text)
{
    /// <summary>Gets the 1-based line of the directive that begins the part.</summary>
    public int Line { get; init; } = 1;

    /// <summary>Gets the name of the directive that begins a command.</summary>
    public string Name => Text.Split((char[]?)null, 2)[0];
}
