using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel;

/// <summary>Which types somebody has registered formatters for, in a cell, in a library or by an attribute of the type.</summary>
internal static class RegisteredFormatters
{
    /// <summary>Whether the type has a formatter, for HTML or for text, that is not one of those that every type has.</summary>
    public static bool Has(Type type)
    {
        // To ask for the formatter also makes the package look for the attribute.
        var html = Formatter.GetPreferredFormatterFor(type, HtmlFormatter.MimeType);
        var text = Formatter.GetPreferredFormatterFor(type, PlainTextFormatter.MimeType);
        return Formatter.RegisteredFormatters(includeDefaults: false).Any(registered => ReferenceEquals(registered, html) || ReferenceEquals(registered, text));
    }
}
