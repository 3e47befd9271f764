using System.Net;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Cells;

namespace MnistLab.Kernel.Display;

/// <summary>Represents a value as a tree of parts that can be displayed.</summary>
internal abstract class DisplayTree
{
    // Deep enough for a table within a row of a table; without a limit, an object could expand to a huge object graph.
    private const int Deepest = 2;

    /// <summary>Returns the value as HTML without styles; the page defines the appearance of tables.</summary>
    public abstract string ToHtml();

    /// <summary>Returns the value as plain text of one or more lines.</summary>
    public abstract string ToText();

    /// <summary>Returns the value as plain text on one line, for a table cell.</summary>
    public virtual string ToLine() =>
        string.Join(' ', ToText().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Creates the tree of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="depth">The nesting depth of the value, from 0.</param>
    public static DisplayTree From(object? value, int depth = 0)
    {
        if (value is null) return new PlainTree(Formatter.NullString);
        try
        {
            return OfValue(value, depth);
        }
        // Properties, enumerators, and formatters are code of the user or of any library, which may throw any
        // exception.
        catch (Exception error) when (DisplayFault.IsOfValue(error))
        {
            return new PlainTree(DisplayFault.TextOf(error));
        }
    }

    /// <summary>Returns text encoded as HTML.</summary>
    protected static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static DisplayTree OfValue(object value, int depth)
    {
        if (RegisteredFormatters.Has(value.GetType())) return new FormattedTree(value, depth);
        return value switch
        {
            string text => new PlainTree(text),
            IHtmlContent => new FormattedTree(value, depth),
            Exception error => new PlainTree(string.Join('\n', CellErrors.Exception(error).Traceback)),
            Task task => OfTask(task, depth),
            _ when value.GetType().Assembly == typeof(Formatter).Assembly => new FormattedTree(value, depth),
            _ when TypeDisplay.TextOf(value) is { } scalar => new PlainTree(scalar),
            _ when TypeDisplay.AsyncItemTypeOf(value) is { } item => new PlainTree(
                $"IAsyncEnumerable<{TypeDisplay.NameOf(item)}>: write await foreach to enumerate it"),
            _ when ChartTree.TryOf(value) is { } chart => chart,
            _ when depth > Deepest => new PlainTree(TypeDisplay.NameOf(value.GetType())),
            _ when TableTree.TryOf(value, depth) is { } table => table,
            _ => ObjectTree.TryOf(value, depth) ?? (DisplayTree)new PlainTree(value.ToString() ?? ""),
        };
    }

    private static DisplayTree OfTask(Task task, int depth)
    {
        if (task.Exception is { } error) return From(error, depth);
        // A Task from an async method is a Task<VoidTaskResult>, whose result type is internal to .NET.
        var type = task.GetType();
        var result = type.GetProperty(nameof(Task<>.Result)) is { PropertyType.IsVisible: true } property ? property : null;
        var name = result is null ? nameof(Task) : $"Task<{TypeDisplay.NameOf(result.PropertyType)}>";
        if (!task.IsCompleted) return new PlainTree($"{name}, still running: write await before it for its result");
        return task.IsCanceled || result is null
            ? new PlainTree($"{name}, {(task.IsCanceled ? "cancelled" : "completed")}")
            : From(result.GetValue(task), depth);
    }
}
