using System.Globalization;
using System.Net;
using System.Text;
using MnistLab.Hosting;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Reports;

/// <summary>
/// Renders executed notebooks as a single self-contained HTML file, which can be opened without a network connection
/// and sent to others.
/// </summary>
public static class HtmlReport
{
    // Nothing may be loaded from the network. Charts need inline scripts, eval, and blobs, which stay within the page.
    // A frame may show a server on the reader's machine, such as TensorBoard or a deployed service; the frame and the
    // report cannot read each other.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
        + "frame-src http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'";

    /// <summary>
    /// Writes the report atomically. Creates the folder if it is missing, and replaces an existing file.
    /// </summary>
    /// <param name="file">The HTML file.</param>
    /// <param name="title">The title of the report.</param>
    /// <param name="notebooks">
    /// The executed notebooks, in the order in which they appear. Links between them lead to their places in the
    /// report.
    /// </param>
    /// <param name="language">The language of the text of the notebooks, as a BCP 47 tag.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string file, string title, IReadOnlyList<NotebookDocument> notebooks, string language = "en")
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentException.ThrowIfNullOrEmpty(title);
        ArgumentNullException.ThrowIfNull(notebooks);
        ArgumentException.ThrowIfNullOrEmpty(language);
        AtomicFile.WriteAllText(file, Render(title, notebooks, language));
    }

    private static string Render(string title, IReadOnlyList<NotebookDocument> notebooks, string language)
    {
        var links = new NotebookLinks(notebooks);
        var markdown = new MarkdownRenderer(links);
        var words = ReportWords.For(language);
        var cells = new CellRenderer(markdown, new OutputRenderer(markdown, new ScriptDeduplication()), words);
        var pages = notebooks.Select((notebook, index) => new NotebookPage(notebook, NotebookLinks.Anchor(index))).ToList();

        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="{WebUtility.HtmlEncode(language)}">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{ContentSecurityPolicy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <style>
            {ReadStyle()}
            </style>
            </head>
            <body>
            <a class="skip" href="#content">{words.Skip}</a>
            <header class="page"><h1>{WebUtility.HtmlEncode(title)}</h1>

            """);
        ReportSummary.Append(html, pages, words);
        html.Append("</header>\n<div class=\"columns\">\n");
        TableOfContents.Append(html, pages, words);
        html.Append("<main id=\"content\">\n");
        foreach (var page in pages) page.Append(html, cells);
        return html.Append("</main>\n</div>\n</body>\n</html>\n").ToString();
    }

    private static string ReadStyle()
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd().TrimEnd();
    }
}
