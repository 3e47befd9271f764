using System.Globalization;
using System.Net;
using System.Text;

namespace MnistLab.Benchmarks.Reporting;

/// <summary>Draws how time grows with size, on log-log axes, beside a line of slope 1.</summary>
internal static class GrowthChart
{
    private const double Width = 300;
    private const double Height = 200;
    private const double Left = 52;
    private const double Bottom = 30;
    private const double Top = 24;

    /// <summary>Draws the chart as SVG.</summary>
    public static string Draw(Growth growth)
    {
        var points = growth.Points.Select(point => (X: Math.Log10(point.Size), Y: Math.Log10(point.Milliseconds))).ToList();
        var (minX, maxX) = (points.Min(point => point.X), points.Max(point => point.X));
        var (minY, maxY) = (points.Min(point => point.Y), points.Max(point => point.Y) + 0.1);
        var title = string.Create(CultureInfo.InvariantCulture, $"{growth.What}: slope {growth.Slope:F2}");
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"<svg width=\"{Width}\" height=\"{Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">");
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"14\">{WebUtility.HtmlEncode(title)}</text>");
        text.Append(
            CultureInfo.InvariantCulture,
            $"<path d=\"M{Left} {Top}V{Height - Bottom}H{Width - 8}\" fill=\"none\" stroke=\"currentColor\" opacity=\".4\"/>");
        foreach (var point in new[] { growth.Points[0], growth.Points[^1] })
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{X(Math.Log10(point.Size)):F1}\" y=\"{Height - 14}\" text-anchor=\"middle\">{point.Size:N0}</text>");
            text.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{Left - 4}\" y=\"{Y(Math.Log10(point.Milliseconds)) + 4:F1}\" text-anchor=\"end\">{Row.Text(point.Milliseconds)} ms</text>");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{Width / 2}\" y=\"{Height - 2}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(growth.Unit)}</text>");
        // Draws proportional growth as a straight line up to the end of the curve.
        var last = points[^1];
        var reach = Math.Min(last.X - minX, last.Y - minY);
        text.Append(
            CultureInfo.InvariantCulture,
            $"<path d=\"M{X(last.X - reach):F1} {Y(last.Y - reach):F1}L{X(last.X):F1} {Y(last.Y):F1}\" stroke=\"currentColor\" opacity=\".3\" stroke-dasharray=\"4 3\"/>");
        var line = string.Join(
            " ",
            points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):F1},{Y(point.Y):F1}")));
        text.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{line}\" fill=\"none\" stroke=\"#36c\" stroke-width=\"2\"/>");
        foreach (var (x, y) in points) text.Append(
            CultureInfo.InvariantCulture, $"<circle cx=\"{X(x):F1}\" cy=\"{Y(y):F1}\" r=\"3\" fill=\"#36c\"/>");
        return text.Append("</svg>").ToString();

        double X(double value) => Left + 12 + ((value - minX) / Math.Max(maxX - minX, 1e-9) * (Width - Left - 40));

        double Y(double value) => Height - Bottom - ((value - minY) / Math.Max(maxY - minY, 1e-9) * (Height - Bottom - Top));
    }
}
