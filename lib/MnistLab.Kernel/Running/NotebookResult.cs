namespace MnistLab.Kernel;

/// <summary>What became of one notebook of a batch.</summary>
/// <param name="Notebook">The notebook's full path.</param>
/// <param name="Executed">
/// The full path of the executed notebook. It is there also when a cell failed or the process died: with all outputs up to there, and the failure as the cell's last.
/// </param>
/// <param name="Duration">From the start of its process to the end.</param>
/// <param name="FailedCells">How many cells failed, with those whose failure was allowed.</param>
/// <param name="Failure">Why it did not come to its end; null if it did.</param>
public sealed record NotebookResult(string Notebook, string Executed, TimeSpan Duration, int FailedCells, NotebookFailure? Failure)
{
    /// <summary>Whether it came to its end: every cell ran, and no failure was one that is not allowed.</summary>
    public bool Succeeded => Failure is null;
}
