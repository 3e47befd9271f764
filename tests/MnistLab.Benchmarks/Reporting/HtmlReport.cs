using System.Globalization;
using System.Net;
using System.Text;

namespace MnistLab.Benchmarks.Reporting;

/// <summary>Writes the report as one HTML page without scripts: a bar for each figure, and the growth curves.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --good: #2a7; --short: #c33; --line: #8886 }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem }
        th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
        td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
        .short { color: var(--short); font-weight: 600 }
        .from, .machine, li { color: color-mix(in srgb, currentColor 65%, transparent); font-size: 13px }
        svg text { fill: currentColor; font: 11px system-ui, sans-serif }
        .curves { display: flex; flex-wrap: wrap; gap: 1rem }
        .scroll { overflow-x: auto }
        """;

    /// <summary>Writes the whole page.</summary>
    public static string Write(IReadOnlyList<Part> parts)
    {
        var text = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        text.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        text.Append(CultureInfo.InvariantCulture, $"<title>What MnistLab measures</title><style>{Style}</style></head>\n<body>");
        text.Append("<h1>What MnistLab measures</h1><p>Each figure is a ratio to a peer or a limit that was measured in the ");
        text.Append("same run, in turn with it: the median of the rounds and, in parentheses, their quartiles. The line marks ");
        text.Append("the bar, on a logarithmic scale.</p>\n");
        foreach (var part in parts) AppendPart(text, part);
        return text.Append("</body></html>\n").ToString();
    }

    private static void AppendPart(StringBuilder text, Part part)
    {
        var machine = string.Create(CultureInfo.InvariantCulture, $"{part.Machine}; {part.Started:yyyy-MM-dd}, {part.Seconds:N0} s");
        text.Append(CultureInfo.InvariantCulture, $"<h2>{Encode(part.Name)}</h2><p class=\"machine\">{Encode(machine)}</p>\n");
        if (part.Rows.Count > 0)
        {
            text.Append("<div class=\"scroll\"><table><tr><th>what<th>figure<th>bar<th><th>computed from</tr>\n");
            foreach (var row in part.Rows) AppendRow(text, row);
            text.Append("</table></div>\n");
        }

        if (part.Growths.Count > 0)
        {
            text.Append("<div class=\"curves\">");
            foreach (var growth in part.Growths) text.Append(GrowthChart.Draw(growth));
            text.Append("</div>\n");
        }

        if (part.Notes.Count == 0) return;
        text.Append("<ul>");
        foreach (var note in part.Notes) text.Append(CultureInfo.InvariantCulture, $"<li>{Encode(note)}</li>");
        text.Append("</ul>\n");
    }

    private static void AppendRow(StringBuilder text, Row row)
    {
        var state = row.IsMet ? "" : " short";
        text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Encode(row.What)}<td class=\"n{state}\">{row.ValueText}");
        text.Append(
            CultureInfo.InvariantCulture,
            $"<td class=\"n\">{row.BarText}<td>{Bar(row)}<td class=\"from\">{Encode(row.Detail)}</tr>\n");
    }

    // The limit itself is at half the width; each tenth of the width is a factor of about 1.6 (100 to the power of
    // 0.1).
    private static string Bar(Row row)
    {
        const double Width = 160;
        var (value, low, high) = (At(row.Value), At(row.Low ?? row.Value), At(row.High ?? row.Value));
        var color = row.IsMet ? "var(--good)" : "var(--short)";
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg width="{Width}" height="16" role="img" aria-label="{Encode(row.ValueText)} against {Encode(row.BarText)}"><rect x="0" y="4" width="{value:F1}" height="8" fill="{color}" opacity=".6"/><path d="M{low:F1} 8H{high:F1}" stroke="{color}" stroke-width="2"/><path d="M{Width / 2} 0V16" stroke="currentColor"/></svg>
            """);

        double At(double figure) => Width * Math.Clamp(0.5 + (0.5 * Math.Log10(Math.Max(figure, 1e-9) / row.Bar)), 0.01, 1);
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
