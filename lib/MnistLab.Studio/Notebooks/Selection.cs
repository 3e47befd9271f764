namespace MnistLab.Studio.Notebooks;

/// <summary>Represents the selection after a command.</summary>
/// <param name="Cell">The ID of the cell to select.</param>
/// <param name="Edits">Whether to edit the cell.</param>
public sealed record Selection(string Cell, bool Edits = false);
