using System.Globalization;
using System.Net;
using System.Text;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Reports;

/// <summary>Renders the lines at the top of the report: a summary of the run, or the failed cells.</summary>
internal static class ReportSummary
{
    public static void Append(StringBuilder html, IReadOnlyList<NotebookPage> pages, ReportWords words)
    {
        foreach (var page in pages)
        {
            foreach (var index in page.FailedCells) AppendFailure(html, page, index);
        }

        if (pages.Any(page => page.FailedCells.Count > 0)) return;

        var cells = pages.SelectMany(page => page.Notebook.CellsToRun()).ToList();
        var run = cells.Count(cell => cell.ExecutionCount is not null);
        var seconds = cells.Sum(cell => cell.Times?.Duration.TotalSeconds ?? 0);
        html.Append(
            CultureInfo.InvariantCulture,
            $"<p class=\"summary\">{words.Summary(pages.Count, run, cells.Count)}{(seconds > 0 ? $", {Elapsed.Format(TimeSpan.FromSeconds(seconds))}" : "")}.</p>\n");
    }

    private static void AppendFailure(StringBuilder html, NotebookPage page, int index)
    {
        var error = page.Notebook.Cells[index].Outputs.OfType<ErrorOutput>().First();
        html.Append(
            CultureInfo.InvariantCulture,
            $"<p class=\"summary failed\" role=\"alert\"><strong>Failed:</strong> {WebUtility.HtmlEncode(Path.GetFileName(page.Notebook.Path))}, ");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<a href=\"#{page.CellAnchor(index)}\">cell [{page.Notebook.Cells[index].ExecutionCount}]</a>: {WebUtility.HtmlEncode(AnsiText.Strip($"{error.Name}: {error.Message}"))}</p>\n");
    }
}
