using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel;

/// <summary>
/// Puts a value into the forms that a notebook can show. A formatter that someone registered for its type decides; without one, collections and objects become
/// tables, and what is no more than a word or a number stays plain text.
/// </summary>
internal static class Forms
{
    private const string Html = HtmlFormatter.MimeType;
    private const string Text = PlainTextFormatter.MimeType;

    /// <summary>The value in the forms that its formatters prefer, or in those that are asked for.</summary>
    public static MimeBundle Of(object? value, params IReadOnlyCollection<string> mimeTypes)
    {
        // Once for all forms: a sequence may do work for each of its items.
        var tree = DisplayTree.Of(value);
        if (mimeTypes.Count == 0) mimeTypes = PreferredBy(value, tree);
        return mimeTypes.Aggregate(MimeBundle.Empty, (bundle, mimeType) => With(bundle, mimeType, mimeType switch
        {
            _ when value is byte[] bytes && mimeType.StartsWith("image/", StringComparison.Ordinal) => Convert.ToBase64String(bytes),
            Html => tree.ToHtml(),
            Text => tree.ToText(),
            _ when HasFormatter(value, mimeType) => value.ToDisplayString(mimeType),
            _ when value is string text => text,
            _ when mimeType.StartsWith("text/", StringComparison.Ordinal) => tree.ToText(),
            _ => throw NoFormatter(value, mimeType),
        }));
    }

    /// <summary>Text that is already in this form.</summary>
    public static MimeBundle AsIs(string mimeType, string text) => With(MimeBundle.Empty, mimeType, text);

    private static MimeBundle With(MimeBundle bundle, string mimeType, string text) =>
        MimeBundle.IsJson(mimeType) ? bundle.With(mimeType, JsonNode.Parse(text)) : bundle.With(mimeType, text);

    private static bool HasFormatter(object? value, string mimeType)
    {
        try
        {
            return Formatter.GetPreferredFormatterFor(value?.GetType() ?? typeof(object), mimeType) is not null;
        }
        catch (ArgumentException)
        {
            // The package has no other way to say that there is none.
            return false;
        }
    }

    private static ArgumentException NoFormatter(object? value, string mimeType)
    {
        var type = value is null ? Formatter.NullString : ValueKind.NameOf(value.GetType());
        return new(
            $"A value of type {type} cannot be displayed as {mimeType}: no formatter is registered for it. "
            + $"Example: Formatter.Register<{type}>(value => \"…\", \"{mimeType}\").",
            nameof(mimeType));
    }

    private static IReadOnlyCollection<string> PreferredBy(object? value, DisplayTree tree)
    {
        // A number as HTML comes with 570 characters of style sheet, and says no more than the number.
        if (value is null || tree is PlainTree) return [Text];

        var preferred = Formatter.GetPreferredMimeTypesFor(value.GetType()).ToList();
        // Wherever HTML cannot be shown there is a text; the text of HTML would be its source.
        if (value is not IHtmlContent && !preferred.Contains(Text)) preferred.Add(Text);
        return preferred;
    }
}
