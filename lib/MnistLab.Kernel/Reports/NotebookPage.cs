using System.Globalization;
using System.Net;
using System.Text;

namespace MnistLab.Kernel;

/// <summary>One notebook's part of the report.</summary>
internal sealed class NotebookPage
{
    public NotebookPage(NotebookDocument notebook, string anchor)
    {
        (Notebook, Anchor) = (notebook, anchor);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        Headings = [.. notebook.Cells.Where(cell => cell.Kind == CellKind.Markdown).SelectMany(cell => MarkdownRenderer.Headings(cell.Source, anchor, taken))];
        Title = Headings.FirstOrDefault()?.Text ?? Path.GetFileNameWithoutExtension(notebook.Path);
        var failed = notebook.Cells.Index().Where(cell => cell.Item.Outputs.Any(output => output is ErrorOutput)).Select(cell => cell.Index).DefaultIfEmpty(-1).First();
        FailedCell = failed < 0 ? null : failed;
    }

    public NotebookDocument Notebook { get; }

    public string Anchor { get; }

    public string Title { get; }

    public IReadOnlyList<Heading> Headings { get; }

    /// <summary>The index of the first cell that failed, or null.</summary>
    public int? FailedCell { get; }

    public string CellAnchor(int index) => string.Create(CultureInfo.InvariantCulture, $"{Anchor}-cell-{index + 1}");

    public void Append(StringBuilder html, CellRenderer cells)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        html.Append(CultureInfo.InvariantCulture, $"<article id=\"{Anchor}\" aria-label=\"{WebUtility.HtmlEncode(Title)}\">\n<p class=\"file\">{WebUtility.HtmlEncode(Path.GetFileName(Notebook.Path))}</p>\n");
        foreach (var (index, cell) in Notebook.Cells.Index())
        {
            var notRun = cell.Kind == CellKind.Code && FailedCell < index && cell.ExecutionCount is null;
            cells.Append(html, cell, CellAnchor(index), Anchor, taken, notRun);
        }

        html.Append("</article>\n");
    }
}
