using Microsoft.CodeAnalysis;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Scripting;

/// <summary>Represents the result of C# code.</summary>
/// <param name="HasValue">Whether the code ends with an expression that has a value.</param>
/// <param name="Value">The value.</param>
/// <param name="Shown">The value, formatted for display; null if it is not displayed.</param>
/// <param name="Error">The error; null if the code succeeded.</param>
internal sealed record ScriptResult(bool HasValue, object? Value, MimeBundle? Shown, CellError? Error)
{
    /// <summary>Gets the diagnostics of the compiler. Their positions include the inserted text.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>Gets the text that was inserted into the code before it was compiled.</summary>
    public CellStart.Insertion Insertion { get; init; }

    /// <summary>Gets the exception of the code; null if there is none or the code was stopped.</summary>
    public Exception? Exception { get; init; }

    /// <summary>Gets the result of code that has no value.</summary>
    public static ScriptResult Nothing { get; } = new(false, null, null, null);

    /// <summary>Returns the result of code that failed.</summary>
    public static ScriptResult Failed(CellError error, Exception? exception = null) =>
        new(false, null, null, error) { Exception = exception };

    /// <summary>Returns the same result with the diagnostics of the compiler.</summary>
    public ScriptResult Of(CompiledCell cell, CellStart.Insertion insertion) =>
        this with { Diagnostics = cell.Diagnostics, Insertion = insertion };
}
