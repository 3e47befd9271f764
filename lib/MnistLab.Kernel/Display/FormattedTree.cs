using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace MnistLab.Kernel;

/// <summary>A value that is shown as the formatters of its type have it.</summary>
internal sealed class FormattedTree(object value) : DisplayTree
{
    public override string ToHtml() => value.ToDisplayString(HtmlFormatter.MimeType);

    public override string ToText() => value.ToDisplayString(PlainTextFormatter.MimeType);

    // Markup in the middle of a line of text tells nothing.
    public override string ToLine() => value is IHtmlContent ? "(HTML)" : base.ToLine();
}
