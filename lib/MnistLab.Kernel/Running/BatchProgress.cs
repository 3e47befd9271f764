namespace MnistLab.Kernel.Running;

/// <summary>Represents the progress of a batch of notebooks.</summary>
/// <param name="Notebook">The full path of the running notebook.</param>
/// <param name="Number">The 1-based number of the notebook in the batch.</param>
/// <param name="Count">The number of notebooks in the batch.</param>
/// <param name="Cell">The progress of the cells of the notebook.</param>
public sealed record BatchProgress(string Notebook, int Number, int Count, CellProgress Cell);
