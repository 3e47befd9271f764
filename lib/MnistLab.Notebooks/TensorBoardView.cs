using System.Globalization;
using System.Net;
using System.Text;
using MnistLab.Notebooks.Texts;
using MnistLab.Training.EventLog;
using Plotly.NET;
using Plotly.NET.CSharp;
using Chart = Plotly.NET.CSharp.Chart;

namespace MnistLab.Notebooks;

/// <summary>
/// Displays a TensorBoard job in a notebook: TensorBoard itself if it is installed, otherwise a built-in view of its
/// data.
/// </summary>
internal static class TensorBoardView
{
    private const int Width = 340;
    private const int Height = 230;

    public static string ToHtml(TensorBoardJob job)
    {
        if (job.Url is { } url)
            return $"<p><a href=\"{url}\" target=\"_blank\" rel=\"noopener\">{Text(TrainingTexts.TensorBoard.With(job.OutputUrl))}</a></p><iframe title=\"TensorBoard\" src=\"{url}\" style=\"width:100%;height:640px;border:1px solid #ccc\"></iframe>";
        if (job.IsStopped) return $"<p>{Text(TrainingTexts.Stopped.With(job.OutputUrl))}</p>";
        var runs = job.Read().OrderBy(run => run.Key, StringComparer.Ordinal).ToList();
        if (runs.Count == 0) return $"<p>{Text(TrainingTexts.NothingLogged.With(job.OutputUrl))}</p>";
        var html = new StringBuilder($"<p>{Text(TrainingTexts.OwnBoard.With(job.OutputUrl))}</p>")
            .Append(HyperParameters(runs))
            .Append("<div style=\"display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:8px\">");
        foreach (var tag in TagsOf<ScalarPoint>(runs)) html.Append(ChartDisplay.ToHtml(Curves(tag, runs)));
        foreach (var (run, values) in runs)
        {
            foreach (var histogram in Newest<LoggedHistogram>(values)) html.Append(ChartDisplay.ToHtml(Distribution(run, histogram)));
        }

        html.Append("</div>");
        foreach (var (run, values) in runs)
        {
            foreach (var image in Newest<LoggedImage>(values))
                html.Append(
                    CultureInfo.InvariantCulture,
                    $"<figure style=\"display:inline-block;margin:8px\"><img alt=\"{Text(DisplayTerms.Translate(image.Tag))}\" style=\"image-rendering:pixelated;max-width:100%\" src=\"data:image/png;base64,{Convert.ToBase64String(image.Png.Span)}\"><figcaption>{Text(TrainingTexts.ImageOfStep.With(run, DisplayTerms.Translate(image.Tag), image.Step))}</figcaption></figure>");
            foreach (var text in Newest<LoggedText>(values))
                html.Append(CultureInfo.InvariantCulture, $"<p><b>{Text(TrainingTexts.TextOfRun.With(run, DisplayTerms.Translate(text.Tag)))}</b></p>{Markdown(text.Markdown)}");
        }

        return html.Append(NotShown(runs)).ToString();
    }

    // Runs log only plain paragraphs and tables, so only those are rendered.
    private static string Markdown(string markdown)
    {
        var html = new StringBuilder();
        foreach (var block in markdown.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Trim('\n').Split('\n');
            if (lines.Length < 2 || !lines.All(line => line.TrimStart().StartsWith('|')))
            {
                html.Append(CultureInfo.InvariantCulture, $"<p style=\"white-space:pre-line\">{Text(Sentence(block))}</p>");
                continue;
            }

            string Row(string line, string cell) =>
                $"<tr>{string.Concat(line.Trim().Trim('|').Split('|').Select(text => $"<{cell}>{Text(DisplayTerms.Translate(text.Trim()))}</{cell}>"))}</tr>";
            html.Append(CultureInfo.InvariantCulture, $"<table><thead>{Row(lines[0], "th")}</thead><tbody>")
                .Append(string.Concat(lines.Skip(2).Select(line => Row(line, "td")))).Append("</tbody></table>");
        }

        return html.ToString();
    }

    // The event log is the same in every language, so the count that a run logs is translated here.
    private static string Sentence(string block) =>
        block.Trim().Split(" of ") is [var part, var all] && int.TryParse(part, out var count) && int.TryParse(all, out var total)
            ? TrainingTexts.CountOf.With(count, total)
            : block;

    private static string NotShown(List<KeyValuePair<string, IReadOnlyList<LoggedValue>>> runs)
    {
        var kinds = runs.SelectMany(run => run.Value.OfType<LoggedOther>()).CountBy(value => value.Kind)
            .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} ({kind.Value})"))
                .Order(StringComparer.Ordinal)
                .ToList();
        return kinds.Count == 0 ? "" : $"<p>{Text(TrainingTexts.NotShown.With(string.Join(", ", kinds)))}</p>";
    }

    private static GenericChart Curves(string tag, List<KeyValuePair<string, IReadOnlyList<LoggedValue>>> runs)
    {
        var lines = runs
            .Select(run => (run.Key, Points: run.Value.OfType<ScalarPoint>().Where(point => point.Tag == tag).ToList()))
            .Where(run => run.Points.Count > 0)
            .Select(run => Chart.Line<long, double, string>(
                run.Points.Select(point => point.Step),
                run.Points.Select(point => point.Value),
                Name: run.Key,
                ShowLegend: runs.Count > 1));
        return Titled(tag, Chart.Combine(lines).WithXAxisStyle<long, long, string>(TitleText: DisplayTerms.Translate("step")));
    }

    private static GenericChart Distribution(string run, LoggedHistogram histogram) => Titled(
        TrainingTexts.HistogramOfStep.With(histogram.Tag, histogram.Step, run),
        Chart.Column<double, double, string>(
            values: histogram.Counts,
            Keys: histogram.Limits.Select((limit, index) =>
                Math.Round(((index == 0 ? histogram.Min : histogram.Limits[index - 1]) + limit) / 2, 4)).ToArray()));

    private static GenericChart Titled(string title, GenericChart chart) =>
        Plotly.NET.Chart.withTitle(title, null).Invoke(chart).WithSize(Width, Height);

    private static string HyperParameters(List<KeyValuePair<string, IReadOnlyList<LoggedValue>>> runs)
    {
        var having = runs
            .Select(run => (run.Key, Values: run.Value.OfType<LoggedHyperParameters>().LastOrDefault()?.Values))
            .Where(run => run.Values is { Count: > 0 })
            .ToList();
        if (having.Count == 0) return "";
        var names = having.SelectMany(run => run.Values!.Keys).Distinct().ToList();
        // One row per hyper-parameter, because there are many more of them than runs.
        var rows = names.Select(
            name =>
                $"<tr><th scope=\"row\">{Text(name)}</th>{string.Concat(having.Select(run => $"<td>{Text(run.Values!.GetValueOrDefault(name, ""))}</td>"))}</tr>");
        return $"<details><summary>{TrainingTexts.HyperParameters}</summary><table><thead><tr><th>{DisplayTerms.Translate("run")}</th>"
            + $"{string.Concat(having.Select(run => $"<th>{Text(run.Key)}</th>"))}</tr></thead><tbody>{string.Concat(rows)}</tbody></table></details>";
    }

    private static IEnumerable<string> TagsOf<T>(List<KeyValuePair<string, IReadOnlyList<LoggedValue>>> runs)
        where T : LoggedValue => runs
            .SelectMany(run => run.Value.OfType<T>())
            .Select(value => value.Tag)
            .Distinct()
            .Order(StringComparer.Ordinal);

    private static IEnumerable<T> Newest<T>(IReadOnlyList<LoggedValue> values)
        where T : LoggedValue => values.OfType<T>().GroupBy(value => value.Tag).Select(group => group.MaxBy(value => value.Step)!);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
