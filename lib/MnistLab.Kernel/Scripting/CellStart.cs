using System.ComponentModel;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using MnistLab.Kernel.Cells;

namespace MnistLab.Kernel.Scripting;

/// <summary>
/// Represents the awaitable that the engine inserts before the first statement of a cell. It turns the rest of the cell
/// into a continuation, whose culture can be read at its end and applied to the next cell. If the engine called the
/// asynchronous code of the cell directly, the culture would be restored when the call returned.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CellStart : ICriticalNotifyCompletion
{
    private const string Statement =
        $"await global::{nameof(MnistLab)}.{nameof(Kernel)}.{nameof(Scripting)}.{nameof(CellStart)}.{nameof(Instance)}; ";

    private CellStart()
    {
    }

    /// <summary>Gets the only instance, which each cell awaits.</summary>
    public static CellStart Instance { get; } = new();

    /// <summary>Gets false, so that the engine can start the rest of the cell.</summary>
    public bool IsCompleted => false;

    /// <summary>Returns the awaiter, which is this instance.</summary>
    public CellStart GetAwaiter() => this;

    /// <summary>Does nothing, because there is no result.</summary>
    public void GetResult()
    {
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        if (CellScope.Current is { } scope) scope.HoldBack(continuation);
        else continuation();
    }

    /// <summary>
    /// Inserts the await statement into the code of a cell, on the line of the first statement, so that line numbers do
    /// not change.
    /// </summary>
    internal static (string Code, Insertion Insertion) InsertInto(string code, SyntaxTree tree)
    {
        if (tree.GetRoot() is not CompilationUnitSyntax { Members: [var first, ..] }) return (code, default);
        var place = tree.GetLineSpan(first.Span).StartLinePosition;
        return (code.Insert(first.SpanStart, Statement), new(place.Line, place.Character, Statement.Length));
    }

    /// <summary>Represents the position and length of text that was inserted into a cell.</summary>
    internal readonly record struct Insertion(int Line, int Character, int Length)
    {
        /// <summary>Returns the position in a line before the insertion.</summary>
        public int CharacterBefore(int line, int character) =>
            Length > 0 && line == Line && character >= Character + Length ? character - Length : character;
    }
}
