using System.Globalization;
using System.Text;

namespace MnistLab.Benchmarks.Reporting;

/// <summary>Writes the report as Markdown.</summary>
internal static class MarkdownReport
{
    /// <summary>Writes the whole report.</summary>
    public static string Write(IReadOnlyList<Part> parts)
    {
        var text = new StringBuilder("# What MnistLab measures\n\n");
        text.Append("Each figure is a ratio to a peer or a limit that was measured in the same run, in turn with it: ");
        text.Append("the median of the rounds and, in parentheses, their quartiles.\n");
        foreach (var part in parts)
        {
            var header = string.Create(
                CultureInfo.InvariantCulture,
                $"\n## {part.Name}\n\n{part.Machine}; {part.Started:yyyy-MM-dd}, {part.Seconds:N0} s\n\n");
            text.Append(header);
            if (part.Rows.Count > 0) AppendRows(text, part);
            foreach (var note in part.Notes) text.Append(CultureInfo.InvariantCulture, $"- {note}\n");
        }

        return text.ToString();
    }

    /// <summary>Writes the table of the README, with one line per figure.</summary>
    public static string WriteTable(IReadOnlyList<Part> parts)
    {
        var text = new StringBuilder("| part | what | figure | bar |\n|---|---|---|---|\n");
        foreach (var part in parts)
        {
            foreach (var row in part.Rows)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| `{part.Name}` | {Cell(row.What)} | {row.ValueText}{Mark(row)} | {row.BarText} |\n");
        }

        return text.ToString();
    }

    private static void AppendRows(StringBuilder text, Part part)
    {
        text.Append("| what | figure | bar | computed from |\n|---|---|---|---|\n");
        foreach (var row in part.Rows)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {Cell(row.What)} | {row.ValueText}{Mark(row)} | {row.BarText} | {Cell(row.Detail)} |\n");
        text.Append('\n');
    }

    private static string Mark(Row row) => row.IsMet ? "" : " **short**";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
