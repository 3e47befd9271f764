using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace MnistLab.Studio.Outputs;

/// <summary>
/// Recognizes HTML that can be shown within Studio's own pages: balanced elements and attributes from an allowlist, in
/// the simple syntax of the lab's own formatters. All other HTML, even if harmless, is shown in a sandboxed frame.
/// </summary>
internal static partial class SafeHtml
{
    /// <summary>The maximum length in characters; longer HTML is shown in a frame.</summary>
    private const int MaxLength = 1 << 19;

    private static readonly FrozenSet<string> Elements = new[]
    {
        "b", "br", "caption", "code", "details", "div", "em", "figcaption", "figure", "h3", "h4", "hr", "i", "img", "kbd", "li", "ol",
        "p", "pre", "progress", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
        "tr", "u", "ul", "wbr", "svg", "g", "circle", "ellipse", "line", "path", "polygon", "polyline", "rect", "text", "title", "tspan",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Void = new[] { "br", "hr", "img", "wbr" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Attributes = new[]
    {
        "align", "alt", "aria-hidden", "aria-label", "cols", "colspan", "cx", "cy", "d", "dominant-baseline", "dy", "fill", "fill-opacity",
        "font-family", "font-size", "font-weight", "height", "lang", "max", "opacity", "open", "points", "preserveaspectratio", "r", "role",
        "rowspan", "rx", "ry", "scope", "stroke", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "stroke-width",
        "text-anchor", "title", "transform", "value", "viewbox", "width", "x", "x1", "x2", "y", "y1", "y2", "xmlns",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns whether the HTML can be shown within a page.</summary>
    public static bool IsSafe(string html)
    {
        if (html.Length > MaxLength) return false;
        var open = new Stack<string>();
        var position = 0;
        while (html.IndexOf('<', position) is var start and >= 0)
        {
            var tag = Tag.Match(html, start);
            if (!tag.Success || tag.Index != start || !Accept(tag, open)) return false;
            position = start + tag.Length;
        }

        return open.Count == 0;
    }

    /// <summary>Returns the HTML without comments, and with unsafe markup escaped as text.</summary>
    public static string Sanitize(string html)
    {
        html = Comment.Replace(html, "");
        var safe = new StringBuilder(html.Length);
        for (var position = 0; position < html.Length;)
        {
            var start = html.IndexOf('<', position) is var found and >= 0 ? found : html.Length;
            safe.Append(html, position, start - position);
            position = start;
            if (start == html.Length) break;
            var tag = Tag.Match(html, start);
            if (tag.Success && tag.Index == start && Accept(tag, new Stack<string>([tag.Groups["name"].Value])))
            {
                safe.Append(tag.Value);
                position += tag.Length;
            }
            else
            {
                safe.Append("&lt;");
                position++;
            }
        }

        return safe.ToString();
    }

    private static bool Accept(Match tag, Stack<string> open)
    {
        var name = tag.Groups["name"].Value;
        if (!Elements.Contains(name)) return false;
        if (tag.Groups["end"].Length > 0)
        {
            return tag.Groups["attribute"].Captures.Count == 0
                && open.TryPop(out var opened) && opened.Equals(name, StringComparison.OrdinalIgnoreCase);
        }

        for (var index = 0; index < tag.Groups["attribute"].Captures.Count; index++)
        {
            if (!IsSafe(name, tag.Groups["attribute"].Captures[index].Value, tag.Groups["value"].Captures[index].Value)) return false;
        }

        var isEmpty = Void.Contains(name) || (tag.Groups["slash"].Length > 0 && IsDrawing(open, name));
        // In HTML, a slash does not close an element.
        if (tag.Groups["slash"].Length > 0 && !isEmpty) return false;
        if (!isEmpty) open.Push(name);
        return true;
    }

    private static bool IsDrawing(Stack<string> open, string name) =>
        name.Equals("svg", StringComparison.OrdinalIgnoreCase) || open.Contains("svg", StringComparer.OrdinalIgnoreCase);

    private static bool IsSafe(string element, string attribute, string value) => attribute.ToLowerInvariant() switch
    {
        "src" => element.Equals("img", StringComparison.OrdinalIgnoreCase) && DataImage.IsMatch(value),
        "style" => Style.IsMatch(value) && !Positioned.IsMatch(value),
        _ => Attributes.Contains(attribute) && !value.Contains("url", StringComparison.OrdinalIgnoreCase),
    };

    [GeneratedRegex("""<(?<end>/?)(?<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s+(?<attribute>[a-zA-Z][a-zA-Z0-9-]*)(?:=(?:"(?<value>[^"<>]*)"|'(?<value>[^'<>]*)')|(?<value>)(?=[\s>/])))*\s*(?<slash>/?)>""")]
    private static partial Regex Tag { get; }

    [GeneratedRegex(@"^data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*\z")]
    private static partial Regex DataImage { get; }

    [GeneratedRegex(@"^[a-zA-Z0-9#.,%'\s():;+*/!-]*\z")]
    private static partial Regex Style { get; }

    // Rejects styles that load resources or move an element out of its place.
    [GeneratedRegex(@"position|z-index|inset|url|expression|animation|content|behavior|-moz|transform|margin[a-z-]*\s*:[^;]*-", RegexOptions.IgnoreCase)]
    private static partial Regex Positioned { get; }

    [GeneratedRegex(@"<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment { get; }
}
