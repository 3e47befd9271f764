using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel;

/// <summary>Puts a value into the forms that a notebook can show, through the formatters that are registered for its type.</summary>
internal static class Forms
{
    /// <summary>The value in the forms that its formatters prefer, or in those that are asked for.</summary>
    public static MimeBundle Of(object? value, params IReadOnlyCollection<string> mimeTypes)
    {
        if (mimeTypes.Count == 0) mimeTypes = PreferredBy(value);
        return mimeTypes.Aggregate(MimeBundle.Empty, (bundle, mimeType) => With(bundle, mimeType, value.ToDisplayString(mimeType)));
    }

    /// <summary>Text that is already in this form.</summary>
    public static MimeBundle AsIs(string mimeType, string text) => With(MimeBundle.Empty, mimeType, text);

    private static MimeBundle With(MimeBundle bundle, string mimeType, string text) =>
        MimeBundle.IsJson(mimeType) ? bundle.With(mimeType, JsonNode.Parse(text)) : bundle.With(mimeType, text);

    private static IReadOnlyCollection<string> PreferredBy(object? value)
    {
        if (IsScalar(value)) return [PlainTextFormatter.MimeType];

        var preferred = Formatter.GetPreferredMimeTypesFor(value.GetType()).ToList();
        // Wherever HTML cannot be shown there is a text; the text of HTML would be its source.
        if (value is not IHtmlContent && !preferred.Contains(PlainTextFormatter.MimeType)) preferred.Add(PlainTextFormatter.MimeType);
        return preferred;
    }

    // A number as HTML comes with 570 characters of style sheet, and says no more than the number.
    private static bool IsScalar([NotNullWhen(false)] object? value) =>
        value is null or Enum || (value is IConvertible or IFormattable && value.GetType().Assembly == typeof(object).Assembly);
}
