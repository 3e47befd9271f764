namespace MnistLab.Kernel.Running;

/// <summary>Represents the result of a notebook of a batch.</summary>
/// <param name="Notebook">The full path of the notebook.</param>
/// <param name="Executed">
/// The full path of the executed notebook. It also exists if a cell failed or the process died; it then contains all
/// outputs so far, and the error as the last output of the cell.
/// </param>
/// <param name="Duration">The time from the start of the run to the end of the process.</param>
/// <param name="FailedCells">The number of failed cells, including those whose failure was allowed.</param>
/// <param name="Failure">The reason why the notebook did not run to the end; null if it did.</param>
public sealed record NotebookResult(string Notebook, string Executed, TimeSpan Duration, int FailedCells, NotebookFailure? Failure)
{
    /// <summary>
    /// Gets a value that indicates whether the notebook ran to the end: every cell ran, and any failures were allowed.
    /// </summary>
    public bool Succeeded => Failure is null;
}
