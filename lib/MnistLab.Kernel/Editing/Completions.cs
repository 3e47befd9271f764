namespace MnistLab.Kernel;

/// <summary>What could stand at a place of a cell.</summary>
/// <param name="Start">Where the text begins that an item replaces, in UTF-16 code units.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Items">The likeliest first; none of them twice.</param>
public sealed record Completions(int Start, int End, IReadOnlyList<CompletionItem> Items);
