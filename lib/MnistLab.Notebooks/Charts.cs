using System.Globalization;
using Microsoft.Data.Analysis;
using MnistLab.Client;
using MnistLab.Data.Datasets;
using MnistLab.Notebooks.Texts;
using MnistLab.Training;
using MnistLab.Training.Metrics;
using MnistLab.Training.Results;
using Plotly.NET;
using Plotly.NET.CSharp;
using Chart = Plotly.NET.CSharp.Chart;

namespace MnistLab.Notebooks;

/// <summary>Creates the charts of the notebooks. Each is a Plotly.NET chart, so it can be extended.</summary>
public static class Charts
{
    private const int Width = 720;
    private const int Height = 400;

    /// <summary>
    /// Creates a chart of a metric over the steps of a run: the training batches as a thin line, the validation data as
    /// a line with markers.
    /// </summary>
    /// <param name="reports">The reports of a run or a job.</param>
    /// <param name="metric">The metric: <c>loss</c> or <c>accuracy</c>.</param>
    /// <exception cref="ArgumentException">No report has the metric.</exception>
    public static GenericChart Curve(IEnumerable<StepReport> reports, string metric)
    {
        var having = reports.Where(report => report.Metrics.ContainsKey(metric)).ToList();
        if (having.Count == 0)
            throw new ArgumentException(
                $"No report has the metric '{metric}'. Run the training cell first; the metrics are usually loss and accuracy.",
                nameof(metric));
        var lines = having
            .GroupBy(report => report.IsValidation)
            .OrderBy(group => group.Key)
            .Select(group => Chart.Line<long, double, string>(
            x: group.Select(report => report.Step),
            y: group.Select(report => report.Metrics[metric]),
            Name: group.Key ? ChartTexts.Validation.ToString() : ChartTexts.TrainingBatch.ToString(),
            ShowMarkers: group.Key,
            // The training batches in a muted gray, which is visible on light and dark backgrounds.
            LineColor: Color.fromString(group.Key ? "#ef553b" : "#868e96")));
        return Chart.Combine(lines)
            .WithXAxisStyle<long, long, string>(TitleText: DisplayTerms.Translate("step"))
            .WithYAxisStyle<double, double, string>(TitleText: DisplayTerms.Translate(metric))
            .WithSize(Width, Height);
    }

    /// <summary>Creates a chart of the class balance: the share of each digit in each set, in percent.</summary>
    /// <param name="sets">The sets, by name.</param>
    public static GenericChart Balance(params (string Name, ImageDataset Set)[] sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return Chart.Combine(sets.Select(item => Chart.Column<double, string, string>(
                values: item.Set.ClassCounts.Select(count => 100.0 * count / item.Set.Count),
                Keys: item.Set.Kind.ClassNames.ToArray(),
                Name: item.Name)))
            .WithXAxisStyle<double, double, string>(TitleText: DisplayTerms.Translate("digit"), AxisType: StyleParam.AxisType.Category)
            .WithYAxisStyle<double, double, string>(TitleText: ChartTexts.ShareOfSet.ToString())
            .WithSize(Width, Height * 3 / 4);
    }

    /// <summary>
    /// Creates a chart of a confusion matrix: a row per true digit, a column per prediction, darker for larger counts.
    /// </summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="classNames">The names of the classes; their numbers if null.</param>
    public static GenericChart Confusion(ConfusionMatrix matrix, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var digits = Enumerable.Range(0, matrix.Classes).ToList();
        var names = classNames?.ToArray() ?? [.. digits.Select(digit => $"{digit}")];
        return Chart.AnnotatedHeatmap<double, string, string, string>(
                // Square roots, because mistakes are few compared to correct predictions, and would all look like zero.
                zData: digits.Select(label => digits.Select(prediction => Math.Sqrt(matrix[label, prediction]))),
                annotationText: digits.Select(label => digits.Select(prediction => string.Create(
                    CultureInfo.InvariantCulture, $"{matrix[label, prediction]:N0}"))),
                X: names,
                Y: names,
                // All colors are light enough for dark numbers.
                ColorScale: StyleParam.Colorscale.NewCustom(
                    [Tuple.Create(0.0, Color.fromString("#ffffff")), Tuple.Create(1.0, Color.fromString("#6aa5e0"))]),
                ShowScale: false,
                ReverseYAxis: true)
            .WithXAxisStyle<double, double, string>(TitleText: ChartTexts.TakenFor.ToString(), AxisType: StyleParam.AxisType.Category)
            .WithYAxisStyle<double, double, string>(TitleText: ChartTexts.Label.ToString(), AxisType: StyleParam.AxisType.Category)
            .WithSize(Width, Width * 3 / 4);
    }

    /// <summary>Creates a bar chart of the five most probable digits of a prediction, the best at the top.</summary>
    public static GenericChart TopScores(PredictionResponse prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        var bestLast = prediction.Scores.Reverse().ToList();
        return Chart.Bar<double, string, string>(
                values: bestLast.Select(score => score.Score),
                Keys: bestLast.Select(score => score.Label).ToArray(),
                MultiText: bestLast.Select(score => score.Score.ToString("0.0%", CultureInfo.InvariantCulture)).ToArray())
            .WithXAxisStyle<double, double, string>(TitleText: ChartTexts.Probability.ToString(), MinMax: Tuple.Create(0.0, 1.0))
            .WithYAxisStyle<double, double, string>(TitleText: DisplayTerms.Translate("digit"), AxisType: StyleParam.AxisType.Category)
            .WithSize(Width * 2 / 3, Height * 3 / 5);
    }

    /// <summary>
    /// Creates a line chart of one numeric column of a table over another, with a line for each value of a third
    /// column.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="x">
    /// The column for the x-axis, which is logarithmic with a tick at each value; the values are above zero.
    /// </param>
    /// <param name="y">The column for the y-axis.</param>
    /// <param name="per">The column with a line for each of its values.</param>
    /// <param name="error">
    /// The column with the standard error of <paramref name="y"/>, drawn as error bars; null for none.
    /// </param>
    public static GenericChart Lines(DataFrame table, string x, string y, string per, string? error = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        double Number(DataFrameRow row, string column) => Convert.ToDouble(row[column], CultureInfo.InvariantCulture);
        var lines = table.Rows.GroupBy(row => Number(row, per)).OrderBy(group => group.Key).Select(group =>
        {
            var points = group.OrderBy(row => Number(row, x)).ToList();
            var line = Chart.Line<double, double, string>(
                x: points.Select(row => Number(row, x)),
                y: points.Select(row => Number(row, y)),
                Name: string.Create(CultureInfo.InvariantCulture, $"{DisplayTerms.Translate(per)} {group.Key}"),
                ShowMarkers: true);
            if (error is not null)
            {
                foreach (var trace in GenericChart.getTraces(line))
                    trace.SetProperty("error_y", new { type = "data", array = points.ConvertAll(row => Number(row, error)) });
            }

            return line;
        });
        var ticks = table.Rows.Select(row => Number(row, x)).Distinct().Order().ToList();
        var chart = Chart.Combine(lines)
            .WithXAxisStyle<double, double, string>(TitleText: DisplayTerms.Translate(x), AxisType: StyleParam.AxisType.Log)
            .WithYAxisStyle<double, double, string>(TitleText: DisplayTerms.Translate(y))
            .WithSize(Width, Height);
        var axis = Axis(chart, "xaxis");
        axis.SetProperty("tickvals", ticks);
        axis.SetProperty("ticktext", ticks.ConvertAll(TickText));
        return chart;
    }

    /// <summary>
    /// Creates a line chart of values over the steps at which they were measured, with a line for each series.
    /// </summary>
    /// <param name="y">The name of the measured quantity, such as <c>loss</c>.</param>
    /// <param name="everyNSteps">The number of steps between two values.</param>
    /// <param name="lines">The series, by name.</param>
    public static GenericChart Series(string y, int everyNSteps, params (string Name, IEnumerable<double> Values)[] lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return Chart.Combine(lines.Select(
            line => Points(line.Name, line.Values.Select((value, i) => ((double)((i + 1) * everyNSteps), value)))))
            .WithXAxisStyle<double, double, string>(TitleText: DisplayTerms.Translate("step"))
            .WithYAxisStyle<double, double, string>(TitleText: DisplayTerms.Translate(y))
            .WithSize(Width, Height);
    }

    /// <summary>
    /// Creates a line chart of a metric on the validation data over the steps, with a line for each run.
    /// </summary>
    /// <param name="metric">The metric: <c>loss</c> or <c>accuracy</c>.</param>
    /// <param name="runs">The runs, by name.</param>
    public static GenericChart Validation(string metric, params (string Name, RunResult Run)[] runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return Chart.Combine(runs.Select(item => Points(item.Name, item.Run.Reports
            .Where(report => report.IsValidation)
            .Select(report => ((double)report.Step, report.Metrics[metric])))))
            .WithXAxisStyle<double, double, string>(TitleText: DisplayTerms.Translate("step"))
            .WithYAxisStyle<double, double, string>(TitleText: ChartTexts.OfValidation.With(DisplayTerms.Translate(metric)))
            .WithSize(Width, Height);
    }

    /// <summary>
    /// Creates a chart of a learning-rate range test: the loss over the learning rate of each step, on a logarithmic
    /// axis.
    /// </summary>
    /// <param name="points">
    /// The learning rate and the loss of each step. Losses above twice the first one are cut off.
    /// </param>
    public static GenericChart RangeTest(IEnumerable<(double LearningRate, double Loss)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var all = points.ToList();
        if (all.Count == 0) throw new ArgumentException("There are no steps: run the range test first.", nameof(points));
        var chart = Points(ChartTexts.TrainingBatch, all)
            .WithXAxisStyle<double, double, string>(TitleText: DisplayTerms.Translate("learning rate"), AxisType: StyleParam.AxisType.Log)
            .WithYAxisStyle<double, double, string>(TitleText: DisplayTerms.Translate("loss"), MinMax: Tuple.Create(0.0, all[0].Loss * 2))
            .WithSize(Width, Height);
        // A tick at each power of ten.
        Axis(chart, "xaxis").SetProperty("dtick", 1);
        return chart;
    }

    /// <summary>Returns the label of a tick of an axis with its own ticks.</summary>
    internal static string TickText(double tick) => tick.ToString("#,0.#######", CultureInfo.InvariantCulture);

    /// <summary>Returns an axis of a chart: <c>xaxis</c> or <c>yaxis</c>.</summary>
    internal static DynamicObj.DynamicObj Axis(GenericChart chart, string name) =>
        (DynamicObj.DynamicObj)GenericChart.getLayout(chart).GetPropertyValue(name);

    private static GenericChart Points(string name, IEnumerable<(double X, double Y)> points)
    {
        var all = points.ToList();
        return Chart.Line<double, double, string>(
            x: all.Select(point => point.X), y: all.Select(point => point.Y), Name: name, ShowMarkers: all.Count < 50);
    }

    /// <summary>
    /// Creates a reliability diagram: the share of correct predictions over their confidence. Points on the dashed line
    /// are calibrated; points above it are underconfident.
    /// </summary>
    /// <param name="calibrations">The calibration of each network, by name.</param>
    public static GenericChart Reliability(params (string Name, Calibration Calibration)[] calibrations)
    {
        ArgumentNullException.ThrowIfNull(calibrations);
        var calibrated = Chart.Line<double, double, string>(
            x: [0, 1],
            y: [0, 1],
            Name: ChartTexts.Calibrated.ToString(),
            LineDash: StyleParam.DrawingStyle.Dash,
            LineColor: Color.fromString("#888888"));
        var curves = calibrations.Select(item => Chart.Line<double, double, string>(
            x: item.Calibration.Bins.Select(bin => bin.Confidence),
            y: item.Calibration.Bins.Select(bin => bin.Accuracy),
            MultiText: item.Calibration.Bins.Select(bin => ChartTexts.Predictions.With(bin.Count)).ToArray(),
            Name: item.Name,
            ShowMarkers: true));
        return Chart.Combine([calibrated, .. curves])
            .WithXAxisStyle<double, double, string>(TitleText: ChartTexts.Confidence.ToString(), MinMax: Tuple.Create(0.0, 1.02))
            .WithYAxisStyle<double, double, string>(TitleText: ChartTexts.ShareRight.ToString(), MinMax: Tuple.Create(0.0, 1.02))
            .WithSize(Width * 3 / 4, Height);
    }
}
