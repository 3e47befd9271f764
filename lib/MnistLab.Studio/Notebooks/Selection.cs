namespace MnistLab.Studio.Notebooks;

/// <summary>Where a command leads.</summary>
/// <param name="Cell">The cell to select.</param>
/// <param name="Edits">Whether to edit it.</param>
public sealed record Selection(string Cell, bool Edits = false);
