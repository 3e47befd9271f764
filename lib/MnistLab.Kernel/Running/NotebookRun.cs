namespace MnistLab.Kernel;

/// <summary>How the run of a notebook ended.</summary>
/// <param name="FailedCell">The cell that ended the run by failing; null if none did.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Failures">How many cells failed, with those whose failure was allowed.</param>
public sealed record NotebookRun(NotebookCell? FailedCell, CellError? Error, int Failures)
{
    /// <summary>Whether the run came to the notebook's end.</summary>
    public bool Succeeded => FailedCell is null;
}
