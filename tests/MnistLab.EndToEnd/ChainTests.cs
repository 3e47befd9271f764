using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MnistLab.Data;
using MnistLab.Serving;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

public sealed partial class ChainTests
{
    [Fact]
    public async Task Run_TheNotebooksOnTheSample_EndsWithAServiceAndAReport()
    {
        await using var workspace = new CopiedWorkspace();

        var (exitCode, output, error) = await workspace.RunAsync(null, "run", "notebooks");

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("MNIST_DIR is not set: using the bundled sample", output, StringComparison.Ordinal);
        var service = await workspace.Services.GetAsync("digits");
        var last = output.TrimEnd().Split('\n')[^2..];
        Assert.Contains($"{service.Url}", last[0], StringComparison.Ordinal);
        Assert.EndsWith(workspace.Report, last[1].TrimEnd(), StringComparison.Ordinal);
        await AssertAnswersAsync(service.Url!);
        await AssertReportDrawnAsync(workspace.Report);

        var stop = await workspace.RunAsync(null, "services", "stop", "digits");
        Assert.Equal(0, stop.ExitCode);
        Assert.Equal(ServiceStatus.Stopped, (await workspace.Services.FindAsync("digits"))!.Status);
    }

    [Fact]
    public async Task Run_TheNotebooksOnTheFullDataset_ReachesTheExpectedAccuracies()
    {
        var mnist = Environment.GetEnvironmentVariable(DatasetSource.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(mnist), $"{DatasetSource.Variable} is not set.");
        await using var workspace = new CopiedWorkspace();

        var (exitCode, output, error) = await workspace.RunAsync(mnist, "run", workspace.NotebookPath("1-prepare.ipynb"), workspace.NotebookPath("2-train.ipynb"));

        Assert.True(exitCode == 0, output + error);
        var accuracies = Accuracy().Matches(workspace.Executed("2-train.ipynb")).ToDictionary(match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        Assert.InRange(accuracies["softmax regression"], 86.5, 88.0);
        Assert.InRange(accuracies["convolutional network"], 98.5, 100.0);
    }

    [Fact]
    public async Task Run_ANotebookBeforeTheOnesItNeeds_FailsInPlainSightWithTheNextStep()
    {
        await using var workspace = new CopiedWorkspace();

        var (exitCode, output, error) = await workspace.RunAsync(null, "run", workspace.NotebookPath("2-train.ipynb"));

        Assert.Equal(1, exitCode);
        Assert.Contains("Notebook 1 uploads the dataset: run it first.", error, StringComparison.Ordinal);
        Assert.Contains("cell [2]", error, StringComparison.Ordinal);
        Assert.Contains(workspace.Report, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WrongInput_SaysWhatIsWrong()
    {
        await using var workspace = new CopiedWorkspace();

        var missing = await workspace.RunAsync(null, "run", "no-such-folder");
        var wrongData = await workspace.RunAsync(workspace.NotebookPath("codes"), "run", "notebooks");

        Assert.Equal((2, 2), (missing.ExitCode, wrongData.ExitCode));
        Assert.Contains("no-such-folder", missing.Error, StringComparison.Ordinal);
        Assert.Contains("MNIST_DIR is set, but", wrongData.Error, StringComparison.Ordinal);
    }

    private static async Task AssertAnswersAsync(Uri service)
    {
        using var http = new HttpClient();
        var mnist = MnistDataset.Load(Workspace.Find().SampleFolder);
        using var picture = new MultipartFormDataContent { { new ByteArrayContent(DigitImage.FromPixels(mnist.Test.Image(0)).ToPng()), "images", "digit.png" } };
        var answer = await http.PostAsync(service, picture);
        Assert.Matches("""^\{"predicted_label":"\d","scores":\[(\["\d","[01]\.\d{3}"\],?){5}\]\}$""", await answer.Content.ReadAsStringAsync());
        using var text = new MultipartFormDataContent { { new ByteArrayContent("text"u8.ToArray()), "images", "digit.png" } };
        var refusal = await http.PostAsync(service, text);
        Assert.Equal(HttpStatusCode.BadRequest, refusal.StatusCode);
        Assert.Matches("""^\{"error_code":".+","error_msg":".+"\}$""", await refusal.Content.ReadAsStringAsync());
    }

    private static async Task AssertReportDrawnAsync(string report)
    {
        var chromium = InstalledProgram.Require("chromium");
        using var profile = new TemporaryFolder();
        // A proxy that is not there: whatever the report would fetch, it could not.
        string[] flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--proxy-server=127.0.0.1:9", $"--user-data-dir={profile.Path}", "--virtual-time-budget=20000", "--dump-dom", report];
        using var process = Process.Start(new ProcessStartInfo(chromium, flags) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (dom, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await errors;

        var html = await dom;
        var charts = ChartElement().Count(html);
        Assert.Equal(8, charts);
        Assert.Equal(charts, DrawnChart().Count(html));
        Assert.True(html.Split("alt=\"a handwritten digit\"").Length > 80, "The digit grids are missing.");
        Assert.Contains("none failed", html, StringComparison.Ordinal);
    }

    [GeneratedRegex("""(softmax regression|convolutional network): +([\d.]+) %""")]
    private static partial Regex Accuracy();

    [GeneratedRegex("class=\"plotly-chart[ \"]")]
    private static partial Regex ChartElement();

    [GeneratedRegex("class=\"plotly-chart js-plotly-plot\"")]
    private static partial Regex DrawnChart();
}
