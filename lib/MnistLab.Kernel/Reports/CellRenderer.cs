using System.Globalization;
using System.Net;
using System.Text;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Reports;

/// <summary>Renders cells as HTML.</summary>
internal sealed class CellRenderer(MarkdownRenderer markdown, OutputRenderer outputs, ReportWords words)
{
    public void Append(StringBuilder html, NotebookCell cell, string cellAnchor, string notebookAnchor, ISet<string> taken, bool notRun)
    {
        if (cell.Kind == CellKind.Markdown)
            html.Append(
                CultureInfo.InvariantCulture,
                $"<section id=\"{cellAnchor}\" class=\"text\">\n{markdown.Render(cell.Source, notebookAnchor, taken)}</section>\n");
        else if (cell.Kind == CellKind.Raw)
            html.Append(
                CultureInfo.InvariantCulture,
                $"<pre id=\"{cellAnchor}\" class=\"raw\">{WebUtility.HtmlEncode(cell.Source)}</pre>\n");
        else AppendCode(html, cell, cellAnchor, notebookAnchor, notRun);
    }

    private void AppendCode(StringBuilder html, NotebookCell cell, string cellAnchor, string notebookAnchor, bool notRun)
    {
        html.Append(
            CultureInfo.InvariantCulture,
            $"<section id=\"{cellAnchor}\" class=\"code{(notRun ? " not-run" : "")}\">\n<div class=\"count\">");
        if (notRun) html.Append("not run");
        else if (cell.ExecutionCount is { } count) html.Append(CultureInfo.InvariantCulture, $"[{count}]");
        if (cell.Times is { } times)
            html.Append(CultureInfo.InvariantCulture, $" <span class=\"time\">{Elapsed.Format(times.Duration)}</span>");
        html.Append("</div>\n<pre class=\"source\" tabindex=\"0\"><code>").Append(cell.Language is null or CellLanguage.CSharp
            ? CodeHighlighter.Render(cell.Skeleton ?? cell.Source)
            : WebUtility.HtmlEncode(cell.Source)).Append("</code></pre>\n");
        // Shows the skeleton, because the code of the solution would spoil the exercise. The text above contains the
        // solution, folded.
        if (cell.Skeleton is not null)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"solution-ran\">{WebUtility.HtmlEncode(words.SolutionRan)}</p>\n");
        foreach (var output in cell.Outputs) html.Append(outputs.Render(output, notebookAnchor));
        html.Append("</section>\n");
    }
}
