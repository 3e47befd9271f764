namespace MnistLab.Kernel;

/// <summary>How far a batch has come.</summary>
/// <param name="Notebook">The running notebook's full path.</param>
/// <param name="Number">Its number in the batch, from 1.</param>
/// <param name="Count">How many notebooks the batch has.</param>
/// <param name="Cell">How far its cells have come.</param>
public sealed record BatchProgress(string Notebook, int Number, int Count, CellProgress Cell);
