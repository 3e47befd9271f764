using System.Globalization;
using System.Net;
using System.Text;

namespace MnistLab.Kernel.Reports;

/// <summary>Renders the links to the notebooks and their sections.</summary>
internal static class TableOfContents
{
    private const int MaxHeadingLevel = 2;

    public static void Append(StringBuilder html, IReadOnlyList<NotebookPage> pages, ReportWords words)
    {
        html.Append(CultureInfo.InvariantCulture, $"<nav id=\"contents\" aria-label=\"{words.Contents}\">\n<ol>\n");
        foreach (var page in pages)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{page.Anchor}\">{WebUtility.HtmlEncode(page.Title)}</a>");
            if (page.Mark is { } mark) html.Append(CultureInfo.InvariantCulture, $" <span class=\"mark\">{mark}</span>");
            if (page.Duration > TimeSpan.Zero)
                html.Append(CultureInfo.InvariantCulture, $" <span class=\"time\">{Elapsed.Format(page.Duration)}</span>");
            var sections = page.Headings.Skip(1).Where(heading => heading.Level <= MaxHeadingLevel).ToList();
            if (sections.Count > 0) html.Append("\n<ul>\n");
            foreach (var section in sections)
                html.Append(
                    CultureInfo.InvariantCulture,
                    $"<li><a href=\"#{section.Anchor}\">{WebUtility.HtmlEncode(section.Text)}</a></li>\n");
            if (sections.Count > 0) html.Append("</ul>\n");
            html.Append("</li>\n");
        }

        html.Append(
            CultureInfo.InvariantCulture,
            $"</ol>\n<p class=\"switch\"><label><input type=\"checkbox\" id=\"hide-code\"> {words.HideCode}</label></p>\n</nav>\n<a class=\"top\" href=\"#contents\">{words.Contents}</a>\n");
    }
}
