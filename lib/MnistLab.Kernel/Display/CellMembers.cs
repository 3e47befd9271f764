using System.ComponentModel;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;
using InvocationContext = Microsoft.DotNet.Interactive.KernelInvocationContext;

namespace MnistLab.Kernel.Display;

/// <summary>
/// Declares members that every cell can call without naming a type. They replace those of .NET Interactive, whose
/// <c>display</c> returns a value that cannot be updated because its ID differs, and which cannot clear output.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellMembers
{
#pragma warning disable IDE1006 // Named as in .NET Interactive, whose own members end in "params": overload resolution prefers these.
    /// <inheritdoc cref="Display(object?)"/>
    public static CellDisplay display(object? value) => Show(value, []);

    /// <inheritdoc cref="Display(object?, string)"/>
    public static CellDisplay display(object? value, string mimeType) => Show(value, [mimeType]);

    /// <inheritdoc cref="Display(object?, string, string)"/>
    public static CellDisplay display(object? value, string mimeType, string otherMimeType) => Show(value, [mimeType, otherMimeType]);

    /// <summary>Asks the user for a line of text and waits for the input.</summary>
    /// <exception cref="InvalidOperationException">
    /// Input is not available, or the calling code was not started by a cell.
    /// </exception>
    public static string input(string prompt = "") => Ask(prompt, isPassword: false);

    /// <summary>Asks the user for a secret, which the front end does not show, and waits for the input.</summary>
    /// <exception cref="InvalidOperationException">
    /// Input is not available, or the calling code was not started by a cell.
    /// </exception>
    public static PasswordString password(string prompt = "") => new(Ask(prompt, isPassword: true));
#pragma warning restore IDE1006

    /// <summary>Displays a value in the MIME types that its formatters prefer.</summary>
    /// <exception cref="InvalidOperationException">The calling code was not started by a cell.</exception>
    public static CellDisplay Display(this object? value) => Show(value, []);

    /// <summary>Displays a value in a MIME type.</summary>
    /// <exception cref="InvalidOperationException">The calling code was not started by a cell.</exception>
    public static CellDisplay Display(this object? value, string mimeType) => Show(value, [mimeType]);

    /// <summary>Displays a value in two MIME types, of which the front end chooses one.</summary>
    /// <exception cref="InvalidOperationException">The calling code was not started by a cell.</exception>
    public static CellDisplay Display(this object? value, string mimeType, string otherMimeType) => Show(value, [mimeType, otherMimeType]);

    /// <summary>Displays text from a cell. Without this overload, the text could be mistaken for a MIME type.</summary>
    /// <exception cref="InvalidOperationException">The calling code was not started by a cell.</exception>
    public static CellDisplay Display(this InvocationContext context, string value, params string[] mimeTypes)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(mimeTypes);
        return Show(value, mimeTypes);
    }

    /// <summary>Displays text that already has this MIME type, such as <c>text/html</c>.</summary>
    /// <exception cref="InvalidOperationException">The calling code was not started by a cell.</exception>
    public static CellDisplay ShowAs(string value, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Show(value, MimeBundleFormatter.AsIs(mimeType, value), [mimeType]);
    }

    /// <summary>Removes the outputs of the cell so far.</summary>
    /// <param name="wait">Whether to delay the removal until the next output, which avoids flickering.</param>
    /// <exception cref="InvalidOperationException">The calling code was not started by a cell.</exception>
    public static void ClearOutput(bool wait = false) => Cell.Sink.ClearOutput(wait);

    internal static void Update(CellDisplay shown, object? value) => Publish(
        Cell,
        MimeBundleFormatter.Format(value, shown.MimeTypes),
        (data, command) => new CellDisplayUpdated(value, command, shown.DisplayId, data),
        (sink, data) => sink.UpdateDisplay(data, shown.DisplayId));

    internal static IReadOnlyList<FormattedValue> FormattedValues(MimeBundle data) =>
        [.. data.Select(form => new FormattedValue(form.Key, form.Value is System.Text.Json.Nodes.JsonValue text
            && text.TryGetValue<string>(out var plain) ? plain : form.Value?.ToJsonString() ?? ""))];

    private static CellScope Cell =>
        CellScope.Current ?? throw new InvalidOperationException(
            "Nothing can be displayed from here: this code was not started by a cell of a notebook.");

    private static string Ask(string prompt, bool isPassword)
    {
        var input = Cell.Input ?? throw ConsoleCapture.NobodyAnswers(prompt);
        return input.ReadLineAsync(prompt, isPassword, Cell.CancellationToken).GetAwaiter().GetResult();
    }

    private static CellDisplay Show(object? value, string[] mimeTypes) =>
        Show(value, MimeBundleFormatter.Format(value, mimeTypes), mimeTypes);

    private static CellDisplay Show(object? value, MimeBundle data, string[] mimeTypes)
    {
        var cell = Cell;
        var shown = new CellDisplay(value, data, mimeTypes);
        Publish(
            cell,
            data,
            (bundle, command) => new CellDisplayProduced(value, command, shown.DisplayId, bundle),
            (sink, bundle) => sink.Display(bundle, shown.DisplayId));
        return shown;
    }

    // Extensions can observe events. Background work of a cell may outlive the command of the cell, which publishes no
    // events after its end.
    private static void Publish(
        CellScope cell,
        MimeBundle data,
        Func<MimeBundle, KernelCommand, DisplayEvent> toEvent,
        Action<IOutputSink, MimeBundle> directly)
    {
        if (InvocationContext.Current is { IsComplete: false } context) context.Publish(toEvent(data, context.Command));
        else directly(cell.Sink, data);
    }

    /// <summary>Represents a LaTeX formula that is displayed on a separate line.</summary>
    /// <param name="latexCode">The formula, with or without <c>$$</c> around it.</param>
    public sealed class MathString(string latexCode) : LaTeXString($"$${latexCode.Trim('$')}$$")
    {
        /// <summary>Converts LaTeX code to a formula.</summary>
        public static implicit operator MathString(string source) => new(source);
    }
}
