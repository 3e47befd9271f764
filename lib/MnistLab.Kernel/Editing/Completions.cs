namespace MnistLab.Kernel.Editing;

/// <summary>Represents the completions at a position in a cell.</summary>
/// <param name="Start">The start of the text that an item replaces, in UTF-16 code units.</param>
/// <param name="End">The end of the text that an item replaces, in UTF-16 code units.</param>
/// <param name="Items">The distinct items, most likely first.</param>
public sealed record Completions(int Start, int End, IReadOnlyList<CompletionItem> Items);
