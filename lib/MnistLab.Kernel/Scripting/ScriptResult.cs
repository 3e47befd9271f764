using Microsoft.CodeAnalysis;

namespace MnistLab.Kernel;

/// <summary>How a piece of C# ended.</summary>
/// <param name="HasValue">Whether it ends with an expression that has a value.</param>
/// <param name="Value">That value.</param>
/// <param name="Shown">The value in the forms in which it is shown; null if it is not shown.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
internal sealed record ScriptResult(bool HasValue, object? Value, MimeBundle? Shown, CellError? Error)
{
    /// <summary>Gets what the compiler says of the code; its places count what was inserted.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>Gets what was inserted into the code before it was compiled.</summary>
    public CellStart.Insertion Insertion { get; init; }

    /// <summary>Gets what the code threw; null if it did not, or was stopped.</summary>
    public Exception? Exception { get; init; }

    /// <summary>Gets the result of code that has no value.</summary>
    public static ScriptResult Nothing { get; } = new(false, null, null, null);

    /// <summary>Returns the result of code that failed.</summary>
    public static ScriptResult Failed(CellError error, Exception? exception = null) =>
        new(false, null, null, error) { Exception = exception };

    /// <summary>Returns the same result with what the compiler says of the code.</summary>
    public ScriptResult Of(CompiledCell cell, CellStart.Insertion insertion) =>
        this with { Diagnostics = cell.Diagnostics, Insertion = insertion };
}
