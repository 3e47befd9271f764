namespace MnistLab.Kernel;

/// <summary>How a cell ended.</summary>
/// <param name="Number">The number of the cell in its session: 1 for the first that was run.</param>
/// <param name="Value">The value of the expression that the cell ends with, in the forms in which it can be shown; null if it ends with none, or failed.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
public sealed record CellResult(int Number, MimeBundle? Value, CellError? Error)
{
    /// <summary>Whether the cell ran to its end.</summary>
    public bool Succeeded => Error is null;
}
