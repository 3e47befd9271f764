using System.Globalization;
using MnistLab.Notebooks.Texts;
using Plotly.NET;
using Plotly.NET.CSharp;
using Chart = Plotly.NET.CSharp.Chart;

namespace MnistLab.Notebooks;

/// <summary>Creates charts of a service under load.</summary>
public static class LoadCharts
{
    private const int Width = 720;
    private const int Height = 360;

    // In milliseconds. By itself, Plotly labels the ticks between two powers of ten with their first digit only.
    private static readonly double[] Ticks =
        [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

    /// <summary>
    /// Creates a chart of the latency of each request over the time at which it was sent. Failed requests are red
    /// crosses.
    /// </summary>
    /// <param name="requests">The requests.</param>
    /// <param name="moments">Events to mark: a name, and the time since the start of the load.</param>
    public static GenericChart Requests(IReadOnlyList<SentRequest> requests, params (string Name, TimeSpan Time)[] moments) =>
        Timeline(requests, request => request.Latency.TotalMilliseconds, ChartTexts.Latency, moments);

    /// <summary>
    /// Creates a chart of the confidence of each response over the time at which the request was sent. Another model
    /// version has different confidences, so a change of versions is visible.
    /// </summary>
    /// <param name="requests">The requests; failed ones have no confidence, and are drawn at zero.</param>
    /// <param name="moments">Events to mark: a name, and the time since the start of the load.</param>
    public static GenericChart Confidences(IReadOnlyList<SentRequest> requests, params (string Name, TimeSpan Time)[] moments) =>
        Timeline(requests, request => request.Prediction?.Scores[0].Score ?? 0, ChartTexts.Confidence, moments);

    /// <summary>
    /// Creates a chart of the latency over the throughput, with a line for the median and one for the 99th percentile.
    /// Each point is labeled with its number of senders. Where the lines turn upward, the service is saturated: more
    /// senders increase the latency, but not the throughput.
    /// </summary>
    /// <param name="measurements">The measurements, in increasing order of the number of senders.</param>
    public static GenericChart LatencyAndThroughput(IReadOnlyList<LoadMeasurement> measurements)
    {
        ArgumentNullException.ThrowIfNull(measurements);
        // The labels of the two lines are on different sides, because the lines can be close to each other.
        GenericChart Line(
            string name, Func<LoadMeasurement, double> latency, StyleParam.TextPosition labels) => Chart.Line<double, double, string>(
            x: measurements.Select(measurement => Math.Round(measurement.RequestsPerSecond)),
            y: measurements.Select(measurement => Math.Round(latency(measurement), 3)),
            MultiText: measurements.Select(measurement => string.Create(CultureInfo.InvariantCulture, $"{measurement.Senders}")).ToArray(),
            TextPosition: labels,
            Name: name,
            ShowMarkers: true);
        var chart = Chart.Combine([
            Line(ChartTexts.Median, measurement => measurement.Median, StyleParam.TextPosition.BottomCenter),
            Line(ChartTexts.P99, measurement => measurement.P99, StyleParam.TextPosition.TopCenter)])
            .WithXAxisStyle<double, double, string>(
                TitleText: ChartTexts.Responses.ToString(),
                MinMax: Tuple.Create(0.0, 1.1 * measurements.Max(measurement => measurement.RequestsPerSecond)))
            .WithYAxisStyle<double, double, string>(TitleText: ChartTexts.Latency.ToString(), AxisType: StyleParam.AxisType.Log)
            .WithSize(Width, Height);
        var axis = Charts.Axis(chart, "yaxis");
        axis.SetProperty("tickvals", Ticks);
        axis.SetProperty("ticktext", Ticks.Select(Charts.TickText).ToArray());
        return chart;
    }

    private static GenericChart Timeline(
        IReadOnlyList<SentRequest> requests,
        Func<SentRequest, double> value,
        string title,
        (string Name, TimeSpan Time)[] moments)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(moments);
        if (requests.Count == 0) throw new ArgumentException("There is no request to show.", nameof(requests));
        var top = requests.Max(value);
        IEnumerable<GenericChart> charts =
        [
            Points(ChartTexts.Succeeded, requests.Where(request => request.Failure is null), "#1c7ed6", StyleParam.MarkerSymbol.Circle),
            Points(ChartTexts.Failed, requests.Where(request => request.Failure is not null), "#e03131", StyleParam.MarkerSymbol.X),
            .. moments.Select(moment => Chart.Line<double, double, string>(
                x: [moment.Time.TotalSeconds, moment.Time.TotalSeconds],
                y: [0, top],
                Name: moment.Name,
                LineDash: StyleParam.DrawingStyle.Dash)),
        ];
        return Chart.Combine(charts)
            .WithXAxisStyle<double, double, string>(TitleText: DisplayTerms.Translate("seconds"))
            .WithYAxisStyle<double, double, string>(TitleText: title)
            .WithSize(Width, Height);

        GenericChart Points(
            DisplayText count,
            IEnumerable<SentRequest> some,
            string color,
            StyleParam.MarkerSymbol symbol) => Chart.Point<double, double, string>(
            x: some.Select(request => Math.Round(request.Sent.TotalSeconds, 3)),
            y: some.Select(request => Math.Round(value(request), 3)),
            Name: count.With(some.Count()),
            MarkerColor: Color.fromString(color),
            MarkerSymbol: symbol);
    }
}
