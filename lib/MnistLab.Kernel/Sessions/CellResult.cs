using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Sessions;

/// <summary>Represents the result of a cell.</summary>
/// <param name="Number">The number of the cell in its session, from 1.</param>
/// <param name="Value">
/// The value of the final expression of the cell, in one or more representations; null if there is none or the cell
/// failed.
/// </param>
/// <param name="Error">The error; null if the cell succeeded.</param>
public sealed record CellResult(int Number, MimeBundle? Value, CellError? Error)
{
    /// <summary>Gets a value that indicates whether the cell ran to the end.</summary>
    public bool Succeeded => Error is null;
}
