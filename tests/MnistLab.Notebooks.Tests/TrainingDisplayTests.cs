using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Notebooks.Display;
using MnistLab.Storage;
using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training;
using MnistLab.Training.EventLog;
using MnistLab.Training.Jobs;
using MnistLab.Training.Metrics;
using MnistLab.Training.Search;

namespace MnistLab.Notebooks.Tests;

public sealed class TrainingDisplayTests
{
    public TrainingDisplayTests() => Lab.Open();

    [Fact]
    public void LiveTraining_OutsideOfACell_StillKnowsHowFarItIs()
    {
        var time = new ManualTime();
        var live = new LiveTraining(1000, time);

        live.Report(Batch(100, 2.0));
        Assert.Null(live.TimeLeft);
        time.Advance(TimeSpan.FromSeconds(3));
        live.Report(Batch(250, 1.0));
        live.Report(new StepReport(250, new Dictionary<string, double> { ["loss"] = 0.9, ["accuracy"] = 0.75 }));

        Assert.Equal(TimeSpan.FromSeconds(15), live.TimeLeft);
        Assert.Equal("step 250 of 1,000 · 5,000 images/s · loss 1.000 · validation accuracy 75.0% · 15 s left", live.ToString());
        var html = live.ToDisplayString(HtmlFormatter.MimeType);
        Assert.Contains("<progress max=\"1000\" value=\"250\"", html, StringComparison.Ordinal);
        // A quarter of the way from the left, at half the maximum height.
        Assert.Contains("points=\"64.0,8.0 160.0,84.0\"", html, StringComparison.Ordinal);
        Assert.Contains("<circle cx=\"160.0\" cy=\"91.6\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void LiveTraining_OfARunWithoutANumberOfSteps_HasNoBar()
    {
        var live = new LiveTraining();
        live.Report(Batch(10, double.PositiveInfinity));
        live.Report(Batch(20, 1));

        Assert.DoesNotContain("<progress", live.ToDisplayString(HtmlFormatter.MimeType), StringComparison.Ordinal);
        Assert.StartsWith("step 20 · ", live.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SearchTable_OfTrials_HasARowForEach()
    {
        var table = SearchTable.From([Trial(1, "0.1", 0.899999976158142), Trial(2, "0.2", null)], images: 400);

        Assert.Equal(
            ["trial", "learning_rate", "status", "validation accuracy", "±", "seconds", "result"],
            table.Columns.Select(column => column.Name));
        Assert.Equal([1, 0.1, "Completed", 0.9, 0.015, 1.5, ""], table.Rows[0]);
        Assert.Equal([2, 0.2, "not begun", null!, null!, 0.0, ""], table.Rows[1]);
    }

    [Fact]
    public void SearchTable_OfTrials_MarksOneOnlyIfItIsClearlyTheBest()
    {
        var table = SearchTable.From(
            [Trial(1, "0.01", 0.8), Trial(2, "0.1", 0.95), Trial(3, "fast=>slow", 0.94), Trial(4, "1", null)],
            images: 400);

        Assert.Equal(["clearly below", "within the noise", "within the noise", ""], table["result"].Cast<string>());
        Assert.DoesNotContain(
            "font-weight:bold", table.ToDisplayString(HtmlFormatter.MimeType), StringComparison.Ordinal);
        // A value that is not a number keeps the column as text.
        Assert.Equal("0.10", SearchTable.From([Trial(1, "0.10", 0.8), Trial(2, "fast", 0.9)], 400)["learning_rate"][0]);
        var clear = SearchTable.From([Trial(1, "0.01", 0.8), Trial(2, "0.1", 0.95)], 400);
        Assert.Equal(["clearly below", "★ best"], clear["result"].Cast<string>());
        var html = clear.ToDisplayString(HtmlFormatter.MimeType);
        const string number = "<td style=\"text-align:right\">";
        Assert.Contains($"<tr style=\"font-weight:bold\">{number}2</td>{number}0.10</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void SearchCharts_OfTrials_PutTheBestAtTheTop()
    {
        var html = SearchCharts
            .Compare([Trial(1, "0.1", 0.9), Trial(2, "0.2", 0.95), Trial(3, "0.3", null)])
            .ToDisplayString(HtmlFormatter.MimeType);

        Assert.True(html.IndexOf("\"0.1\"", StringComparison.Ordinal) < html.IndexOf("\"0.2\"", StringComparison.Ordinal));
        Assert.Contains("\"learning_rate\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\"0.3\"", html, StringComparison.Ordinal);
        // Points, because the axis does not start at zero.
        Assert.Contains("\"mode\":\"markers+text\"", html, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SearchCharts.Compare([Trial(3, "0.3", null)]));
    }

    [Fact]
    public void SearchCharts_OfAnyMetric_PutTheBestOfItsModeAtTheTop()
    {
        SearchTrial WithError(int number, string rate, double error) => Trial(number, rate, error) with
        {
            Validation = new StepReport(10, new Dictionary<string, double> { ["error"] = error }),
        };
        SearchTrial[] trials = [WithError(1, "0.1", 0.2), WithError(2, "0.2", 0.1)];
        bool IsSecondAtTheTop(MonitorMode mode)
        {
            // The first point is drawn at the bottom.
            var html = SearchCharts.Compare(trials, "error", mode).ToDisplayString(HtmlFormatter.MimeType);
            return html.IndexOf("\"0.1\"", StringComparison.Ordinal) < html.IndexOf("\"0.2\"", StringComparison.Ordinal);
        }

        Assert.True(IsSecondAtTheTop(MonitorMode.Min));
        Assert.False(IsSecondAtTheTop(MonitorMode.Max));
        Assert.Contains(
            "Is 'error' better when it is lower or higher?",
            Assert.Throws<ArgumentException>(() => SearchCharts.Compare(trials, "error")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task TensorBoardJob_WithoutTensorBoard_IsABoardOfItsOwn()
    {
        if (InstalledProgram.Find("tensorboard") is not null) Assert.Skip("tensorboard is installed.");
        using var folder = new TemporaryFolder();
        var store = new FolderObjectStore(folder["obs"]);
        await store.CreateBucketAsync("bucket");
        using (var events = new EventLogWriter(folder["run"], TimeProvider.System))
        {
            events.HyperParameters(new Dictionary<string, string> { ["model"] = "<fast>" });
            events.Scalar("train/loss", 1, 1);
            events.Scalar("train/loss", 0.5, 2);
            events.Histogram("weights", [1, 2, 3], 2);
            events.Image("digit", [1, 2, 3], 1, 1, 2);
            events.Text("note", "a < b", 2);
        }

        await store.UploadFolderAsync(folder["run"], ObjectUrl.Parse("s3://bucket/log/V0001/run/"));

        await using var board = await TensorBoardJob.CreateAsync(store, ObjectUrl.Parse("s3://bucket/log/"));
        var html = board.ToDisplayString(HtmlFormatter.MimeType);

        Assert.Contains(
            "<th>V0001/run</th></tr></thead><tbody><tr><th scope=\"row\">model</th><td>&lt;fast&gt;</td></tr>",
            html,
            StringComparison.Ordinal);
        Assert.Contains("train/loss", html, StringComparison.Ordinal);
        Assert.Contains("weights, step 2 (V0001/run)", html, StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,AQID", html, StringComparison.Ordinal);
        Assert.Contains("a &lt; b", html, StringComparison.Ordinal);
    }

    private static StepReport Batch(long step, double loss) => new(step, new Dictionary<string, double> { ["loss"] = loss }, 5000);

    private static SearchTrial Trial(int number, string rate, double? accuracy) => new(
        number,
        new Dictionary<string, string> { ["learning_rate"] = rate },
        null,
        accuracy is null ? null : JobStatus.Completed,
        accuracy is { } value ? new StepReport(10, new Dictionary<string, double> { ["accuracy"] = value }) : null,
        accuracy is null ? TimeSpan.Zero : TimeSpan.FromSeconds(1.5),
        false);

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
