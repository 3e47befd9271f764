using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Display;

/// <summary>
/// Formats a value in the representations that a notebook can display. A formatter that is registered for its type
/// takes precedence. Without one, collections and objects become tables, and values that fit in a word or a number stay
/// plain text.
/// </summary>
internal static class MimeBundleFormatter
{
    private const string Html = HtmlFormatter.MimeType;
    private const string Text = PlainTextFormatter.MimeType;

    /// <summary>Returns the value in the MIME types that its formatters prefer, or in the requested ones.</summary>
    public static MimeBundle Format(object? value, params IReadOnlyCollection<string> mimeTypes)
    {
        // Created once for all representations, because enumerating a sequence may be expensive.
        var tree = DisplayTree.From(value);
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

    /// <summary>Returns a bundle of text that is already in the format of the MIME type.</summary>
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
            // The package reports a missing formatter only by this exception.
            return false;
        }
    }

    private static ArgumentException NoFormatter(object? value, string mimeType)
    {
        var type = value is null ? Formatter.NullString : TypeDisplay.NameOf(value.GetType());
        return new(
            $"A value of type {type} cannot be displayed as {mimeType}: no formatter is registered for it. "
            + $"Example: Formatter.Register<{type}>(value => \"…\", \"{mimeType}\").",
            nameof(mimeType));
    }

    private static IReadOnlyCollection<string> PreferredBy(object? value, DisplayTree tree)
    {
        // The HTML of a number would have 570 characters of style sheet, and say no more than the number.
        if (value is null || tree is PlainTree) return [Text];

        var preferred = Formatter.GetPreferredMimeTypesFor(value.GetType()).ToList();
        // Plain text is for viewers that cannot show HTML. The plain text of HTML content would be its source.
        if (value is not IHtmlContent && !preferred.Contains(Text)) preferred.Add(Text);
        return preferred;
    }
}
