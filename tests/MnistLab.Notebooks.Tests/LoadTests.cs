using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Client;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Workspaces;

namespace MnistLab.Notebooks.Tests;

public sealed class LoadTests
{
    public LoadTests() => Lab.Open();

    [Fact]
    public async Task RequestLoad_OnAServiceThatFailsSometimes_RecordsEachRequest()
    {
        var count = 0;
        using var service = new AnsweringService(
            () => Interlocked.Increment(ref count) % 5 == 0 ? HttpStatusCode.BadRequest : HttpStatusCode.OK);
        using var client = new PredictionClient(service.Url);

        var load = RequestLoad.Start(client, [[1, 2, 3]], senders: 2, pause: TimeSpan.Zero);
        while (Volatile.Read(ref count) < 40) await Task.Yield();
        var requests = await load.StopAsync();

        Assert.True(requests.Count >= 39);
        Assert.Equal(requests.Select(request => request.Sent).Order(), requests.Select(request => request.Sent));
        Assert.All(requests, request => Assert.NotEqual(request.Prediction is null, request.Failure is null));
        Assert.Contains(requests, request => request.Prediction is { PredictedLabel: "2" });
        var html = LoadCharts.Requests(requests, ("the moment", TimeSpan.FromSeconds(0.125))).ToDisplayString(HtmlFormatter.MimeType);
        Assert.Contains($"✗ {requests.Count(request => request.Failure is not null)}", html, StringComparison.Ordinal);
        Assert.Contains("[0.125,0.125]", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadMeasurement_OfAService_CountsAndOrdersItsLatencies()
    {
        using var service = new AnsweringService(() => HttpStatusCode.OK);
        using var client = new PredictionClient(service.Url);

        var measurement = await LoadMeasurement.MakeAsync(client, [[1], [2]], senders: 3, requests: 50);

        Assert.Equal(3, measurement.Senders);
        Assert.True(measurement.RequestsPerSecond > 0);
        Assert.Equal(50, measurement.Latencies.Count);
        Assert.InRange(measurement.Median, 0, measurement.P99);
    }

    [Theory]
    [InlineData(50, 3)]
    [InlineData(99, 6)]
    [InlineData(100, 6)]
    [InlineData(0.1, 1)]
    public void Percentile_OfLatencies_IsTheSmallestThatTheShareDoesNotExceed(double percent, double expected) =>
        Assert.Equal(expected, new LoadMeasurement(1, 10, [6, 1, 5, 2, 4, 3]).Percentile(percent));

    [Fact]
    public void LatencyAndThroughput_OfMeasurements_DrawsLatenciesOverThroughput()
    {
        var html = LoadCharts
            .LatencyAndThroughput([new(1, 100, [1, 2, 3]), new(8, 250, [4, 5, 60])])
            .ToDisplayString(HtmlFormatter.MimeType);

        Assert.Contains("[100.0,250.0]", html, StringComparison.Ordinal);
        Assert.Contains("[2.0,5.0]", html, StringComparison.Ordinal);
        Assert.Contains("[3.0,60.0]", html, StringComparison.Ordinal);
        Assert.Contains("[\"1\",\"8\"]", html, StringComparison.Ordinal);
        Assert.Contains("\"5\",\"10\",\"20\",\"50\",\"100\",", html, StringComparison.Ordinal);
    }

    [Fact]
    public void MetricsTable_OfPrometheusText_HasUnitsAndMeaningsAndLeavesOutZerosAndBuckets()
    {
        var table = MetricsTable.From("""
            # HELP calls_total Calls by outcome.
            # TYPE calls_total counter
            calls_total{protocol="v2",outcome="success"} 1200
            calls_total{protocol="v2",outcome="failure"} 0
            # HELP duration_seconds Time of a call.
            duration_seconds_bucket{protocol="v2",le="+Inf"} 12
            duration_seconds_sum{protocol="v2"} 0.03
            duration_seconds_count{protocol="v2"} 12
            # HELP weight The share of calls, in percent.
            weight 20
            cpu_seconds_total 2.5
            memory_bytes 1.5e6
            process_start_time_seconds 1700000000.5
            """.ReplaceLineEndings("\n"));

        Assert.Equal(["calls_total",
            "duration_seconds",
            "weight",
            "cpu_seconds_total",
            "memory_bytes",
            "process_start_time_seconds"], table["metric"].Cast<string>());
        Assert.Equal(["protocol=v2,outcome=success", "protocol=v2", "", "", "", ""], table["labels"].Cast<string>());
        Assert.Equal(["1,200", "2.50 ms", "20%", "2.50 s", "1.5 MB", "2023-11-14 22:13:20 UTC"], table["value"].Cast<string>());
        Assert.Equal(
            ["Calls by outcome.", "Time of a call.", "The share of calls, in percent.", "", "", ""],
            table["meaning"].Cast<string>());
        Assert.Throws<FormatException>(() => MetricsTable.From("<html>"));
    }

    [Fact]
    public void Sketch_WithADigitPastedOnIt_ReadsAsThatDigitWhereverItIs()
    {
        var digit = DigitImage.FromPixels(MnistDataset.Load(Workspace.Find().SampleFolder).Test.Image(0));

        var left = DigitImage.Decode(new Sketch(300, 120, 10).Digit(digit, 60, 60, 100).ToPng());
        var right = DigitImage.Decode(new Sketch(300, 120, 10).Digit(digit, 240, 60, 100).ToPng());
        var turned = DigitImage.Decode(new Sketch(300, 120, 10).Digit(digit, 60, 60, 100, degrees: 180).ToPng());

        Assert.Equal(left.Pixels.ToArray(), right.Pixels.ToArray());
        Assert.True(Difference(digit, left) < 25, "The pasted digit is another one.");
        Assert.True(Difference(left, turned) > Difference(digit, left));
    }

    private static double Difference(DigitImage first, DigitImage second) =>
        first.Pixels.ToArray().Zip(second.Pixels.ToArray(), (a, b) => Math.Abs(a - b)).Average();

    /// <summary>A service that predicts a two for every request.</summary>
    private sealed class AnsweringService : IDisposable
    {
        private readonly HttpListener _listener = new();

        public AnsweringService(Func<HttpStatusCode> status)
        {
            Url = new Uri($"http://127.0.0.1:{FreePort()}/");
            _listener.Prefixes.Add(Url.ToString());
            _listener.Start();
            _ = AnswerAsync(status);
        }

        public Uri Url { get; }

        public void Dispose() => _listener.Close();

        private async Task AnswerAsync(Func<HttpStatusCode> status)
        {
            while (_listener.IsListening)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    await context.Request.InputStream.CopyToAsync(Stream.Null);
                    context.Response.StatusCode = (int)status();
                    context.Response.ContentType = "application/json";
                    await context.Response.OutputStream.WriteAsync(
                        Encoding.UTF8.GetBytes("""{"predicted_label":"2","scores":[["2","0.750"]]}"""));
                    context.Response.Close();
                }
                catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
