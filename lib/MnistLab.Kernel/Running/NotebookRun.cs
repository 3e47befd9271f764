namespace MnistLab.Kernel;

/// <summary>How the run of a notebook ended.</summary>
/// <param name="FailedCell">The cell that failed; null if none did.</param>
/// <param name="Error">Why it failed.</param>
public sealed record NotebookRun(NotebookCell? FailedCell, CellError? Error)
{
    /// <summary>Whether every cell ran to its end.</summary>
    public bool Succeeded => FailedCell is null;
}
