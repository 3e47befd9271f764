using System.Globalization;
using System.Net;
using System.Text;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Reports;

/// <summary>Represents the part of the report for one notebook.</summary>
internal sealed class NotebookPage
{
    public NotebookPage(NotebookDocument notebook, string anchor)
    {
        (Notebook, Anchor) = (notebook, anchor);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        Headings = [.. notebook.Cells
            .Where(cell => cell.Kind == CellKind.Markdown)
            .SelectMany(cell => MarkdownRenderer.Headings(cell.Source, anchor, taken))];
        Title = Headings.FirstOrDefault()?.Text ?? Path.GetFileNameWithoutExtension(notebook.Path);
        FailedCells = [.. notebook.Cells
            .Index()
            .Where(cell => cell.Item.Outputs.Any(output => output is ErrorOutput))
            .Select(cell => cell.Index)];
        // "not run" marks a notebook that contains code cells, none of which ran.
        var isRun = notebook.CellsToRun().Any(cell => cell.ExecutionCount is not null);
        Mark = FailedCells.Count > 0 ? "failed" : isRun || !notebook.CellsToRun().Any() ? null : "not run";
        Duration = TimeSpan.FromTicks(notebook.Cells.Sum(cell => cell.Times?.Duration.Ticks ?? 0));
    }

    public NotebookDocument Notebook { get; }

    public string Anchor { get; }

    public string Title { get; }

    public IReadOnlyList<Heading> Headings { get; }

    /// <summary>Gets the indices of the cells that failed.</summary>
    public IReadOnlyList<int> FailedCells { get; }

    /// <summary>
    /// Gets the mark of the notebook in the table of contents; null if it ran without failures or contains no code.
    /// </summary>
    public string? Mark { get; }

    /// <summary>Gets the total duration of the cells.</summary>
    public TimeSpan Duration { get; }

    public string CellAnchor(int index) => string.Create(CultureInfo.InvariantCulture, $"{Anchor}-cell-{index + 1}");

    public void Append(StringBuilder html, CellRenderer cells)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        html.Append(
            CultureInfo.InvariantCulture,
            $"<article id=\"{Anchor}\" aria-label=\"{WebUtility.HtmlEncode(Title)}\">\n<p class=\"file\">{WebUtility.HtmlEncode(Path.GetFileName(Notebook.Path))}</p>\n");
        foreach (var (index, cell) in Notebook.Cells.Index())
        {
            var notRun = Mark is not null
                && cell.Kind == CellKind.Code
                && cell.ExecutionCount is null
                && !string.IsNullOrWhiteSpace(cell.Source);
            cells.Append(html, cell, CellAnchor(index), Anchor, taken, notRun);
        }

        html.Append("</article>\n");
    }
}
