using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>Represents the end of the run of a notebook.</summary>
/// <param name="FailedCell">The failed cell that ended the run; null if there is none.</param>
/// <param name="Error">The error of that cell.</param>
/// <param name="Failures">The number of failed cells, including those whose failure was allowed.</param>
public sealed record NotebookRun(NotebookCell? FailedCell, CellError? Error, int Failures)
{
    /// <summary>Gets a value that indicates whether the run reached the end of the notebook.</summary>
    public bool Succeeded => FailedCell is null;
}
