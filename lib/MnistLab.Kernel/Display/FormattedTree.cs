using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel;

/// <summary>
/// A value that is shown as the formatters of its type have it. A formatter that fails is an error of whoever displays the value; within another value it fails alone.
/// </summary>
internal sealed class FormattedTree(object value, int depth) : DisplayTree
{
    public override string ToHtml() => Format(HtmlFormatter.MimeType, Encode);

    public override string ToText() => Format(PlainTextFormatter.MimeType, fault => fault);

    // Markup in the middle of a line of text tells nothing.
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
