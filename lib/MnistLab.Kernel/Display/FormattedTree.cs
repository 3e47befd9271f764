using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel.Display;

/// <summary>
/// Represents a value that is displayed by the formatters of its type. An exception of a formatter propagates to the
/// code that displays the value; within another value, it is displayed in place of the value.
/// </summary>
internal sealed class FormattedTree(object value, int depth) : DisplayTree
{
    public override string ToHtml() => Format(HtmlFormatter.MimeType, Encode);

    public override string ToText() => Format(PlainTextFormatter.MimeType, fault => fault);

    // Markup is unreadable within a line of text.
    public override string ToLine() => value is IHtmlContent ? "(HTML)" : base.ToLine();

    private string Format(string mimeType, Func<string, string> ofFault)
    {
        try
        {
            return value.ToDisplayString(mimeType);
        }
        catch (Exception error) when (depth > 0 && DisplayFault.IsOfValue(error))
        {
            return ofFault(DisplayFault.TextOf(error));
        }
    }
}
