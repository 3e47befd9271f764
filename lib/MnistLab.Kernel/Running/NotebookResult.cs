namespace MnistLab.Kernel;

/// <summary>What became of one notebook of a batch.</summary>
/// <param name="Notebook">The notebook's full path.</param>
/// <param name="Executed">The full path of the executed notebook. It is there also when a cell failed or the process died: with the failure as the cell's output.</param>
/// <param name="Duration">From the start of its process to the end.</param>
/// <param name="Failure">Why it failed; null if it did not.</param>
public sealed record NotebookResult(string Notebook, string Executed, TimeSpan Duration, NotebookFailure? Failure)
{
    /// <summary>Whether every cell ran to its end.</summary>
    public bool Succeeded => Failure is null;
}
