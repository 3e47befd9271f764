namespace MnistLab.Kernel;

/// <summary>How a piece of C# ended.</summary>
/// <param name="HasValue">Whether it ends with an expression that has a value.</param>
/// <param name="Value">That value.</param>
/// <param name="Shown">The value in the forms in which it is shown; null if it is not shown.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
internal sealed record ScriptResult(bool HasValue, object? Value, MimeBundle? Shown, CellError? Error)
{
    /// <summary>Gets the result of code that has no value.</summary>
    public static ScriptResult Nothing { get; } = new(false, null, null, null);

    /// <summary>Returns the result of code that failed.</summary>
    public static ScriptResult Failed(CellError error) => new(false, null, null, error);
}
