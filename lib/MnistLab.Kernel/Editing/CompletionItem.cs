namespace MnistLab.Kernel;

/// <summary>Something that could stand at a place of a cell.</summary>
/// <param name="Text">The text.</param>
/// <param name="Kind">What it is, in lower case: <c>method</c>, <c>property</c>, <c>class</c>, <c>keyword</c>, <c>local</c>…</param>
public sealed record CompletionItem(string Text, string Kind);
