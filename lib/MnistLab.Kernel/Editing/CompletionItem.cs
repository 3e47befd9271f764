namespace MnistLab.Kernel.Editing;

/// <summary>Represents a completion at a position in a cell.</summary>
/// <param name="Text">The text.</param>
/// <param name="Kind">
/// The kind of the item, in lowercase: <c>method</c>, <c>property</c>, <c>class</c>, <c>keyword</c>, <c>local</c>…
/// </param>
public sealed record CompletionItem(string Text, string Kind);
