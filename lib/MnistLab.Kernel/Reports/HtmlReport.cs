using System.Globalization;
using System.Net;
using System.Text;
using MnistLab.Hosting;

namespace MnistLab.Kernel;

/// <summary>Executed notebooks as one HTML file that needs nothing but itself: it opens without a network and can be sent to someone.</summary>
public static class HtmlReport
{
    // Nothing may be fetched. Charts need inline scripts, eval and blobs, which stay within the page. A frame may show a server of the
    // reader's own machine, such as TensorBoard or a deployed service; it cannot read the report, nor the report it.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
        + "frame-src http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'";

    /// <summary>Writes the report, whole or not at all; the folder is made if it is missing, a file of that name is replaced.</summary>
    /// <param name="file">The HTML file.</param>
    /// <param name="title">What the report is called.</param>
    /// <param name="notebooks">The executed notebooks, in the order in which they are shown. A link from one to another leads to its place in the report.</param>
    /// <param name="language">The language that the notebooks' text is in, as a BCP 47 tag.</param>
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
        var words = ReportWords.Of(language);
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
