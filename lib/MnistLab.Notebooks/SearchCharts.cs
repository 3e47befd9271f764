using System.Globalization;
using MnistLab.Notebooks.Texts;
using MnistLab.Training;
using MnistLab.Training.Search;
using Plotly.NET;
using Plotly.NET.CSharp;
using Chart = Plotly.NET.CSharp.Chart;

namespace MnistLab.Notebooks;

/// <summary>Creates charts that compare the trials of a search.</summary>
public static class SearchCharts
{
    private const int Width = 720;
    private const int RowHeight = 32;
    private const int CurveHeight = 400;

    /// <summary>
    /// Creates a chart of a metric on the validation data at the end of each trial, a point for each, the best trial at
    /// the top.
    /// </summary>
    /// <param name="trials">The trials of one search; those without the metric are omitted.</param>
    /// <param name="metric">The metric, such as <c>accuracy</c> or <c>loss</c>.</param>
    /// <param name="mode">
    /// Whether lower or higher values are better; required unless the metric is <c>loss</c> or <c>accuracy</c>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// No trial has the metric, or the mode is missing or contradicts it.
    /// </exception>
    public static GenericChart Compare(IReadOnlyList<SearchTrial> trials, string metric = "accuracy", MonitorMode? mode = null)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var isLowerBetter = MonitorModes.Resolve(metric, mode) == MonitorMode.Min;
        var having = Having(trials, metric).Select(trial =>
            (Name: string.Join(", ", trial.Parameters.Values), Value: trial.Validation!.Metrics[metric])).ToList();
        // Plotly draws the first category at the bottom.
        var bestLast = isLowerBetter ? having.OrderByDescending(trial => trial.Value).ToList() : [.. having.OrderBy(trial => trial.Value)];
        var (least, most) = (bestLast.Min(trial => trial.Value), bestLast.Max(trial => trial.Value));
        // Small differences matter, so the axis need not start at zero; the length of a bar would then mislead.
        var span = Math.Max(most - least, 0.01);
        var points = Chart.Point<double, string, string>(
                x: bestLast.Select(trial => trial.Value),
                y: bestLast.Select(trial => trial.Name),
                MultiText: bestLast.Select(trial => trial.Value.ToString("F4", CultureInfo.InvariantCulture)).ToArray(),
                TextPosition: StyleParam.TextPosition.MiddleRight);
        // The number of the last point extends into the margin.
        foreach (var trace in GenericChart.getTraces(points)) trace.SetProperty("cliponaxis", false);
        var margin = new DynamicObj.DynamicObj();
        margin.SetProperty("r", 64);
        GenericChart.getLayout(points).SetProperty("margin", margin);
        return points
            .WithXAxisStyle<double, double, string>(
                TitleText: ChartTexts.OfValidation.With(DisplayTerms.Translate(metric)),
                MinMax: Tuple.Create(Math.Max(0, least - (0.1 * span)), most + (0.05 * span)))
            .WithYAxisStyle<double, double, string>(
                TitleText: string.Join(", ", trials[0].Parameters.Keys), AxisType: StyleParam.AxisType.Category)
            .WithSize(Width, 120 + (RowHeight * bestLast.Count));
    }

    /// <summary>
    /// Creates a line chart of a metric on the validation data over the steps, with a line for each trial.
    /// </summary>
    /// <param name="trials">The trials of one search; those without the metric are omitted.</param>
    /// <param name="metric">The metric: <c>loss</c> or <c>accuracy</c>.</param>
    /// <exception cref="ArgumentException">No trial has the metric.</exception>
    public static GenericChart Curves(IReadOnlyList<SearchTrial> trials, string metric = "loss")
    {
        ArgumentNullException.ThrowIfNull(trials);
        var lines = Having(trials, metric)
            .Select(trial => (trial, Reports: trial.Job!.Reports.Where(report => report.IsValidation).ToList()))
            .Select(item => Chart.Line<long, double, string>(
            x: item.Reports.Select(report => report.Step),
            y: item.Reports.Select(report => report.Metrics[metric]),
            Name: NameOf(item.trial),
            ShowMarkers: true));
        return Chart.Combine(lines)
            .WithXAxisStyle<long, long, string>(TitleText: DisplayTerms.Translate("step"))
            .WithYAxisStyle<double, double, string>(TitleText: ChartTexts.OfValidation.With(DisplayTerms.Translate(metric)))
            .WithSize(Width, CurveHeight);
    }

    private static List<SearchTrial> Having(IReadOnlyList<SearchTrial> trials, string metric)
    {
        var having = trials.Where(trial => trial.Validation?.Metrics.ContainsKey(metric) == true).ToList();
        return having.Count > 0 ? having : throw new ArgumentException(
            $"No trial has the metric '{metric}'. Check the status of each trial in the table; the metrics are usually loss and accuracy.",
            nameof(metric));
    }

    private static string NameOf(SearchTrial trial) => string.Join(", ", trial.Parameters.Select(item => $"{item.Key} {item.Value}"));
}
