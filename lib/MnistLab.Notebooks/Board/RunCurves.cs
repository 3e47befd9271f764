using System.Text;
using MnistLab.Notebooks.Texts;

namespace MnistLab.Notebooks.Board;

/// <summary>
/// Draws the validation curves of several runs in one figure, as SVG, which is small enough for live updates.
/// </summary>
internal static class RunCurves
{
    private const int Width = 400;
    private const int Height = 210;
    private const int Left = 44;
    private const int Bottom = 24;
    private const int Top = 8;
    private const int Right = 8;

    /// <summary>
    /// Returns a figure with a curve for each run, over the number of training images seen, because runs may differ in
    /// batch size.
    /// </summary>
    /// <param name="runs">The runs.</param>
    /// <param name="metric">The metric: <c>accuracy</c>, drawn in percent, or <c>loss</c>.</param>
    /// <param name="colorOf">The color of each run.</param>
    public static string Draw(IReadOnlyList<BoardRun> runs, string metric, Func<BoardRun, string> colorOf)
    {
        var curves = runs.Select(run => (Run: run, Points: PointsOf(run, metric))).Where(curve => curve.Points.Count > 0).ToList();
        if (curves.Count == 0) return "";
        var values = curves.SelectMany(curve => curve.Points).Select(point => point.Value).ToList();
        var (low, high, step) = Range(values.Min(), values.Max());
        var end = curves.Max(curve => EndOf(curve.Run, curve.Points));
        double X(double images) => Left + (images / end * (Width - Left - Right));
        double Y(double value) => Height - Bottom - ((value - low) / (high - low) * (Height - Bottom - Top));

        var svg = new StringBuilder(Html($"""
            <figure><figcaption>{BoardTexts.Curve.With(DisplayTerms.Translate(metric))}</figcaption>
            <svg viewBox="0 0 {Width} {Height}" width="100%" role="img" font-size="11" fill="currentColor"
            aria-label="{BoardTexts.CurveLabel.With(DisplayTerms.Translate(metric))}">
            """));
        for (var tick = low; tick <= high + (step / 1000); tick += step)
        {
            var label = metric == "accuracy" ? Html($"{tick * 100:0.##}%") : Html($"{tick:0.###}");
            svg.Append(Html($"""
                <path d="M{Left} {Y(tick):F1}H{Width - Right}" stroke="currentColor" opacity=".15"/>
                <text x="{Left - 6}" y="{Y(tick) + 4:F1}" text-anchor="end">{label}</text>
                """));
        }

        // The newest run is drawn last, over the others, and with a thicker line.
        foreach (var (run, points) in curves)
        {
            var line = string.Join(' ', points.Select(point => Html($"{X(point.Images):F1},{Y(point.Value):F1}")));
            svg.Append(Html($"""
                <g fill="{colorOf(run)}"><title>{BoardTexts.RunNumber.With(run.Number)}</title>
                <polyline points="{line}" fill="none" stroke="{colorOf(run)}" stroke-width="{(run == runs[^1] ? 2.5 : 1.5)}"/>
                <circle cx="{X(points[^1].Images):F1}" cy="{Y(points[^1].Value):F1}" r="3.5"/></g>
                """));
        }

        return svg.Append(Html($"""
            <text x="{Left}" y="{Height - 6}">0</text>
            <text x="{Width - Right}" y="{Height - 6}" text-anchor="end">{BoardTexts.ImagesSeen.With(end)}</text></svg></figure>
            """)).ToString();
    }

    private static List<(double Images, double Value)> PointsOf(BoardRun run, string metric) =>
        [.. run.Reports.Where(report => report.IsValidation && double.IsFinite(report.Metrics[metric]))
            .Select(report => ((double)report.Step * run.Settings.BatchSize, report.Metrics[metric]))];

    // While a run trains, the axis leaves room for the rest of its curve.
    private static double EndOf(BoardRun run, List<(double Images, double Value)> points) =>
        run.Outcome == BoardOutcome.Running ? (double)run.Settings.MaxNumberOfSteps * run.Settings.BatchSize : points[^1].Images;

    /// <summary>Returns round limits around the values, and the distance between ticks.</summary>
    private static (double Low, double High, double Step) Range(double least, double most)
    {
        var span = Math.Max(most - least, Math.Max(Math.Abs(most) * 0.02, 1e-6));
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(span / 4)));
        var step = new[] { 1, 2, 5, 10 }.Select(factor => factor * magnitude).First(size => span / size <= 5);
        var (low, high) = (Math.Floor(least / step) * step, Math.Ceiling(most / step) * step);
        return (low, high > low ? high : low + step, step);
    }

    private static string Html(FormattableString text) => FormattableString.Invariant(text);
}
