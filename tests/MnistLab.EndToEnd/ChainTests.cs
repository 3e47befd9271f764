using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using MnistLab.Course;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

public sealed partial class ChainTests(ExaminedCourse course, ExecutedNotebooks notebooks)
{
    // One run checks the whole course (claims, answers, solutions, service, and report), because it takes longer than
    // any other test.
    [Fact]
    public async Task Run_TheNotebooksOnTheSample_HoldsWhatTheyClaimAndEndsWithAServiceAndAReport()
    {
        var workspace = course.Workspace;

        var (output, executed) = await course.Run;

        Assert.Contains("MNIST_DIR is not set: using the bundled sample", output, StringComparison.Ordinal);
        var service = await workspace.Services.GetAsync("digits");
        var last = output.TrimEnd().Split('\n')[^3..];
        Assert.Contains($"{service.Url}", last[0], StringComparison.Ordinal);
        Assert.EndsWith(workspace.Report, last[2].TrimEnd(), StringComparison.Ordinal);
        await AssertAnswersAsync(service.Url!);
        AssertSteps(executed.Values, "✓");
        await AssertDrawnAsync(workspace.Report);
    }

    // This run must not be disturbed by what the English one left behind. Its last cells stop and delete everything.
    [Fact]
    public async Task Run_TheChineseNotebooksAfterTheEnglishOnes_AsksForTheLearnersCodeInChineseAndCleansUp()
    {
        var executed = await notebooks.ChineseCourseAsync(JupyterKernelKind.Ours);

        AssertSteps(executed, "○");
        Assert.Empty(executed.SelectMany(EnglishTexts.In));
        var workspace = notebooks.WorkspaceOf(JupyterKernelKind.Ours);
        Assert.Null(await workspace.Services.FindAsync("digits"));
        var left = await workspace.Store
            .ListAsync(ObjectUrl.Parse("s3://modelarts-example/"))
            .Select(found => found.Url.Key.Split('/')[0])
            .Distinct()
            .ToListAsync();
        Assert.Equal(["codes"], left);
        await AssertDrawnAsync(new CoursePages(workspace.Course).Write(
            "zh", workspace.ExecutedNotebooks, Path.Combine(Path.GetDirectoryName(workspace.Report)!, "pages")));
    }

    [Theory]
    [InlineData("2-train.ipynb", "Notebook 1 uploads the dataset: run it first.")]
    [InlineData("3-deploy.ipynb", "Notebook 2 submits it: run it first.")]
    [InlineData("4-predict.ipynb", "Notebook 3 does: run it first.")]
    public async Task Run_ANotebookBeforeTheOnesItNeeds_FailsInPlainSightWithTheNextStep(string notebook, string nextStep)
    {
        await using var workspace = new CopiedWorkspace();

        var (exitCode, output, error) = await workspace.RunAsync(null, "run", workspace.NotebookPath(notebook));

        Assert.Equal(1, exitCode);
        Assert.Contains(nextStep, error, StringComparison.Ordinal);
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

    [Fact]
    public async Task Course_WhenAnEnglishTextHasChanged_NamesTheTextThatHasToFollow()
    {
        await using var workspace = new CopiedWorkspace();
        var english = workspace.NotebookPath("1-prepare.ipynb");

        var before = await workspace.RunAsync(null, "course", "translate");
        File.WriteAllText(
            english,
            File.ReadAllText(english).Replace("## Open the lab", "## Open the laboratory", StringComparison.Ordinal));
        var after = await workspace.RunAsync(null, "course", "translate");
        var examine = await workspace.RunAsync(null, "course", "examine", "examined");

        Assert.Equal((0, "", 1, 0), (before.ExitCode, before.Error, after.ExitCode, examine.ExitCode));
        Assert.Contains("cell prepare-02 has changed in English", after.Error, StringComparison.Ordinal);
        Assert.Equal(4, Directory.GetFiles(workspace.InFolder("examined"), "*.ipynb").Length);
    }

    private static async Task AssertAnswersAsync(Uri service)
    {
        using var http = LoopbackHttp.CreateClient();
        var mnist = MnistDataset.Load(Workspace.Find().SampleFolder);
        using var picture = new MultipartFormDataContent
        {
            { new ByteArrayContent(DigitImage.FromPixels(mnist.Test.Image(0)).ToPng()), "images", "digit.png" }
        };
        var answer = await http.PostAsync(service, picture);
        Assert.Matches(
            """^\{"predicted_label":"\d","scores":\[(\["\d","[01]\.\d{3}"\],?){5}\]\}$""",
            await answer.Content.ReadAsStringAsync());
        using var text = new MultipartFormDataContent { { new ByteArrayContent("text"u8.ToArray()), "images", "digit.png" } };
        var refusal = await http.PostAsync(service, text);
        Assert.Equal(HttpStatusCode.BadRequest, refusal.StatusCode);
        Assert.Matches("""^\{"error_code":".+","error_msg":".+"\}$""", await refusal.Content.ReadAsStringAsync());
    }

    // Every step in which a learner writes code either passes with its solution or, without code, says what is missing.
    private static void AssertSteps(IEnumerable<ExecutedNotebook> executed, string mark)
    {
        var checks = executed.SelectMany(notebook => notebook.Cells).Where(cell => cell.IsStepCheck).ToList();
        Assert.True(checks.Count >= 12, $"There are only {checks.Count} steps in which a learner writes code.");
        Assert.All(checks, check => Assert.Contains($"{mark} ", Assert.Single(check.Outputs).Text, StringComparison.Ordinal));
    }

    private static async Task AssertDrawnAsync(string report)
    {
        var chromium = InstalledProgram.Require("chromium");
        using var profile = new TemporaryFolder();
        // A proxy that does not exist, so that the report cannot load anything from the network.
        string[] flags = ["--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--proxy-server=127.0.0.1:9",
            $"--user-data-dir={profile.Path}",
            "--virtual-time-budget=20000",
            "--dump-dom",
            report];
        using var process = Process.Start(
            new ProcessStartInfo(chromium, flags) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (dom, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await errors;

        var html = await dom;
        var charts = ChartElement().Count(html);
        Assert.True(charts >= 15, $"{report} has only {charts} charts.");
        Assert.Equal(charts, DrawnChart().Count(html));
        Assert.True(DigitElement().Count(html) >= 80, "The digit grids are missing.");
    }

    [GeneratedRegex("class=\"plotly-chart[ \"]")]
    private static partial Regex ChartElement();

    [GeneratedRegex("class=\"js-plotly-plot\"")]
    private static partial Regex DrawnChart();

    [GeneratedRegex("alt=\"(a handwritten digit|一个手写数字)\"")]
    private static partial Regex DigitElement();
}
