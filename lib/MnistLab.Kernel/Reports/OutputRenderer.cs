using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Reports;

/// <summary>Renders outputs of cells as HTML.</summary>
internal sealed class OutputRenderer(MarkdownRenderer markdown, ScriptDeduplication scripts)
{
    // In columns of the report's code font, of which a Chinese character takes two.
    private const int MaxTableWidth = 84;

    private const char FirstWideCharacter = '\u2E80';

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public string Render(NotebookOutput output, string anchor) => output switch
    {
        StreamOutput stream => RenderStream(stream),
        ErrorOutput error => RenderError(error),
        DisplayOutput display => RenderBundle(display.Data, anchor),
        ResultOutput result => RenderBundle(result.Data, anchor),
        _ => throw new ArgumentException($"{output.GetType().Name} cannot be rendered in the report.", nameof(output)),
    };

    private static string RenderStream(StreamOutput stream)
    {
        var text = AnsiText.Strip(stream.Text);
        var style = stream.Name == StreamName.Stdout ? "stream" : "stream stderr";
        return Pre(IsTable(text.TrimEnd().Split('\n')) ? style : $"{style} message", text);
    }

    // A printed table, or printed code, has aligned lines, which fit the width of the report. Any other text wraps.
    private static bool IsTable(string[] lines) => lines.Length > 1
        && lines.Any(line => line.StartsWith(' ') || line.Contains("  ", StringComparison.Ordinal))
        && lines.All(line => Width(line) <= MaxTableWidth);

    private static int Width(string line) => line.Length + line.Count(character => character >= FirstWideCharacter);

    // Chooses the richest representation; images take precedence over their text alternatives.
    private string RenderBundle(MimeBundle data, string anchor)
    {
        if (data.TryGetText("text/html", out var html)) return $"<div class=\"rich\">{scripts.Apply(html)}</div>\n";
        if (data.TryGetText("image/svg+xml", out var svg))
            return Picture("image/svg+xml", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(svg)), data);
        foreach (var type in (string[])["image/png", "image/jpeg", "image/gif", "image/webp"])
            if (data.TryGetText(type, out var base64))
                return Picture(type, string.Concat(base64.Where(character => !char.IsWhiteSpace(character))), data);
        if (data.TryGetText("text/markdown", out var text))
            return $"<div class=\"rich text\">{markdown.Render(text, $"{anchor}-output", new HashSet<string>())}</div>\n";
        if (data.TryGet("application/json", out var json)) return Pre("json", json?.ToJsonString(Indented) ?? "null");
        if (data.TryGetText("text/plain", out var plain)) return Pre("plain", AnsiText.Strip(plain));
        return data.Count == 0 ? "" : Pre("plain", $"(Cannot be displayed on a page: {data})");
    }

    private static string Picture(string type, string base64, MimeBundle data)
    {
        var description = data.TryGetText("text/plain", out var plain) ? plain : "Image output by the cell";
        return $"<div class=\"rich\"><img src=\"data:{type};base64,{WebUtility.HtmlEncode(base64)}\" alt=\"{WebUtility.HtmlEncode(description)}\"></div>\n";
    }

    private static string RenderError(ErrorOutput error)
    {
        var trace = AnsiText.Strip(string.Join('\n', error.Traceback));
        var title = WebUtility.HtmlEncode(AnsiText.Strip($"{error.Name}: {error.Message}"));
        return $"<div class=\"error\" role=\"group\" aria-label=\"Error\"><p><strong>{title}</strong></p>\n{(trace.Length > 0 ? Pre("trace", trace) : "")}</div>\n";
    }

    private static string Pre(string style, string text) => $"<pre class=\"{style}\" tabindex=\"0\">{WebUtility.HtmlEncode(text)}</pre>\n";
}
