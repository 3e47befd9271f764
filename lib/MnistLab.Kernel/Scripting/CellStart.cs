using System.ComponentModel;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MnistLab.Kernel;

/// <summary>
/// What the engine puts before the first statement of a cell. The rest of the cell becomes a continuation, whose culture
/// can be read at its end and handed to the next cell; a call of the cell's asynchronous code would have restored it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CellStart : ICriticalNotifyCompletion
{
    private const string Statement =
        $"await global::{nameof(MnistLab)}.{nameof(Kernel)}.{nameof(CellStart)}.{nameof(Instance)}; ";

    private CellStart()
    {
    }

    /// <summary>Gets the only instance, which is what a cell awaits.</summary>
    public static CellStart Instance { get; } = new();

    /// <summary>Gets false: the engine starts the rest of the cell.</summary>
    public bool IsCompleted => false;

    /// <summary>Returns the awaiter, which is this instance.</summary>
    public CellStart GetAwaiter() => this;

    /// <summary>Gets no result.</summary>
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
    /// Inserts the statement into the text of a cell, on the line of the first statement, so that all lines keep their
    /// numbers.
    /// </summary>
    internal static (string Code, Insertion Insertion) InsertInto(string code, SyntaxTree tree)
    {
        if (tree.GetRoot() is not CompilationUnitSyntax { Members: [var first, ..] }) return (code, default);
        var place = tree.GetLineSpan(first.Span).StartLinePosition;
        return (code.Insert(first.SpanStart, Statement), new(place.Line, place.Character, Statement.Length));
    }

    /// <summary>A place of a cell where text was inserted.</summary>
    internal readonly record struct Insertion(int Line, int Character, int Length)
    {
        /// <summary>Returns the character of a line as it was before the insertion.</summary>
        public int CharacterBefore(int line, int character) =>
            Length > 0 && line == Line && character >= Character + Length ? character - Length : character;
    }
}
