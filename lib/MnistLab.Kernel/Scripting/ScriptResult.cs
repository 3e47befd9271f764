namespace MnistLab.Kernel;

/// <summary>How a piece of C# ended.</summary>
/// <param name="HasValue">Whether it ends with an expression that has a value.</param>
/// <param name="Value">That value.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
internal sealed record ScriptResult(bool HasValue, object? Value, CellError? Error);
