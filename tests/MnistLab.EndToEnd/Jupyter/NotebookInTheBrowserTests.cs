using System.Text.Json.Nodes;
using Microsoft.Playwright;
using MnistLab.BrowserTesting;
using MnistLab.Testing;
using MnistLab.Training;

namespace MnistLab.EndToEnd;

/// <summary>Tests notebooks in Jupyter, in a browser, with the buttons and keys that a person uses.</summary>
public sealed class NotebookInTheBrowserTests
{
    // The maximum time of a notebook on a fully loaded machine, in milliseconds.
    private const float Patience = 600_000;

    // The cells that open the lab, load the dataset, describe two jobs, submit them, and follow one of them.
    private static readonly string[] CellsOfTheJob = ["train-02", "train-04", "train-46", "train-48", "train-52", "train-54"];

    [Fact]
    public Task Notebook_IsOpenedInJupyter_RunsShowsIsInterruptedRestartsAndCompletes() =>
        InJupyterAsync("1-prepare.ipynb", null, async page =>
    {
        await RunAllAsync(page);
        await SeeDigitsAndAChartAsync(page);

        await AppendAndRunAsync(page, "var kept = 42;");
        await KernelIsIdleAsync(page);
        await InterruptALoopAsync(page);
        await CompleteWithTabAsync(page);
        await RestartAsync(page);
    });

    [Fact]
    public Task Chart_OfAPackage_IsDrawnInJupyter() => InJupyterAsync("1-prepare.ipynb", null, async page =>
    {
        // A new user's own notebook, on a page that no other chart has prepared.
        await page.EvaluateAsync("() => Jupyter.notebook.delete_cells(Jupyter.notebook.get_cells().map((_, index) => index))");
        await AppendAndRunAsync(page, """
            #r "nuget: Plotly.NET.Interactive, 6.0.0"
            #r "nuget: Plotly.NET.CSharp, 0.14.0"
            """);
        await AppendAndRunAsync(page, "Plotly.NET.CSharp.Chart.Line<int, int, string>(x: new[] { 1, 2, 3 }, y: new[] { 3, 1, 2 })");

        var line = page.Locator(".js-plotly-plot .scatterlayer .trace").First;
        await line.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator(".js-plotly-plot .main-svg").First.ScrollIntoViewIfNeededAsync();
        Assert.True((await line.BoundingBoxAsync())!.Width > 200);
        Assert.Equal(0, await page.Locator(".output_error, .output_stderr").CountAsync());
        await ScreenshotAsync(page, "package");
    });

    [Fact]
    public Task Job_IsFollowedInJupyter_MovesUntilItIsCompleted() => InJupyterAsync("2-train.ipynb", "1-prepare.ipynb", async page =>
    {
        // The bars of the board have the same label, but no style of their own. Records the visible state of the bar
        // and of the curve whenever one of them changes.
        await page.EvaluateAsync("""
            () => {
                window.seen = [];
                new MutationObserver(() => {
                    const bar = document.querySelector('progress[aria-label="steps done"][style]');
                    if (!bar) return;
                    const curve = bar.parentElement.querySelector('polyline');
                    const now = [bar.value, curve ? curve.getAttribute('points').split(' ').length : 0];
                    if (JSON.stringify(seen[seen.length - 1]) !== JSON.stringify(now)) seen.push(now);
                }).observe(document.body, { childList: true, subtree: true });
            }
            """);
        await RunAllAsync(page);

        // The bundled sample has 4,000 training images, a tenth of which are for validation.
        var steps = ModelPreset.Fast.Steps(3_600);
        var seen = await page.EvaluateAsync<int[][]>("() => seen");
        Assert.Equal(seen.OrderBy(moment => moment[0]).ThenBy(moment => moment[1]), seen);
        Assert.True(
            seen.Count(moment => moment[0] > 0 && moment[0] < steps && moment[1] > 1) >= 3,
            $"Steps and points seen: {string.Join("; ", seen.Select(moment => string.Join(", ", moment)))}");
        Assert.Equal(steps, seen[^1][0]);
        var live = page.Locator("div:has(> progress[aria-label='steps done'][style])");
        Assert.Contains("Completed", await live.InnerTextAsync(), StringComparison.Ordinal);
        await live.ScrollIntoViewIfNeededAsync();
        await ScreenshotAsync(page, "job");
    });

    /// <summary>Opens a notebook in the browser, optionally after another one has been run.</summary>
    private static async Task InJupyterAsync(string notebook, string? before, Func<IPage, Task> use)
    {
        await using var chromium = new HeadlessChromium();
        await chromium.StartAsync();
        InstalledProgram.Require("jupyter-notebook");
        await using var workspace = new CopiedWorkspace();
        await JupyterTests.InstallKernelAsync(workspace);
        if (before is not null)
        {
            KeepOnlyTheJob(workspace.NotebookPath(notebook));
            var (exitCode, output, error) = await workspace.RunAsync(null, "run", workspace.NotebookPath(before));
            Assert.True(exitCode == 0, output + error);
        }

        await using var server = await NotebookServer.StartAsync(workspace);
        var page = await chromium.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 1600 } }, Patience);
        await page.GotoAsync(new Uri(server.Address, $"notebooks/notebooks/{notebook}").ToString());
        await KernelIsIdleAsync(page);
        await use(page);
    }

    // The other cells of notebook 2 train for minutes; other tests run them.
    private static void KeepOnlyTheJob(string notebook)
    {
        var document = JsonNode.Parse(File.ReadAllText(notebook))!;
        var cells = document["cells"]!.AsArray();
        foreach (var cell in cells.Where(cell => !CellsOfTheJob.Contains((string?)cell!["id"])).ToList()) cells.Remove(cell);
        Assert.Equal(CellsOfTheJob, cells.Select(cell => (string?)cell!["id"]));
        File.WriteAllText(notebook, document.ToJsonString());
    }

    private static async Task RunAllAsync(IPage page)
    {
        await page.ClickAsync("#celllink");
        await page.ClickAsync("#run_all_cells");
        await page.WaitForFunctionAsync(
            "() => Jupyter.notebook.get_cells().filter(cell => cell.cell_type === 'code').every(cell => Number.isInteger(cell.input_prompt_number))");
        Assert.Equal(0, await page.Locator(".output_error").CountAsync());
    }

    private static async Task SeeDigitsAndAChartAsync(IPage page)
    {
        Assert.True(await page.Locator("img[alt='a handwritten digit']").CountAsync() >= 20);
        var chart = page.Locator(".js-plotly-plot .main-svg").First;
        await chart.ScrollIntoViewIfNeededAsync();
        Assert.True((await chart.BoundingBoxAsync())!.Width > 200);
        Assert.True(await page.Locator(".js-plotly-plot .trace, .js-plotly-plot .point").CountAsync() > 0);
        await ScreenshotAsync(page, "chart");
    }

    private static async Task InterruptALoopAsync(IPage page)
    {
        await AppendAndRunAsync(page, "Console.WriteLine(\"running\"); while (true) { }");
        await page.Locator(".output_text >> text=running").WaitForAsync();
        await page.ClickAsync("button[data-jupyter-action='jupyter-notebook:interrupt-kernel']");
        await page.Locator(".output_error >> text=The cell was interrupted.").WaitForAsync();
        await KernelIsIdleAsync(page);
        await ScreenshotAsync(page, "interrupted");

        await AppendAndRunAsync(page, "kept + 1");
        // The tables of the notebook also contain numbers.
        await page.Locator(".output_result pre:text-is('43')").WaitForAsync();
    }

    private static async Task CompleteWithTabAsync(IPage page)
    {
        await AppendAsync(page, "");
        await page.Keyboard.TypeAsync("kept.CompareT");
        await page.Keyboard.PressAsync("Tab");
        await page.WaitForFunctionAsync("() => Jupyter.notebook.get_selected_cell().get_text() === 'kept.CompareTo'");
        await page.Keyboard.TypeAsync("(1); Console.Wr");
        await page.Keyboard.PressAsync("Tab");
        await page.Locator("#complete >> text=WriteLine").WaitForAsync();
        await ScreenshotAsync(page, "completion");
        await page.Keyboard.PressAsync("Escape");
    }

    private static async Task RestartAsync(IPage page)
    {
        await page.ClickAsync("button[data-jupyter-action='jupyter-notebook:confirm-restart-kernel']");
        await page.ClickAsync(".modal-dialog button:has-text('Restart')");
        await page.Locator(".modal-dialog").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await KernelIsIdleAsync(page);
        await AppendAndRunAsync(page, "kept + 2");
        await page.Locator(".output_error >> text=CS0103").WaitForAsync();
    }

    private static async Task AppendAndRunAsync(IPage page, string code)
    {
        await AppendAsync(page, code);
        await page.Keyboard.PressAsync("Control+Enter");
    }

    private static async Task AppendAsync(IPage page, string code)
    {
        await page.EvaluateAsync(
            "code => { const cell = Jupyter.notebook.insert_cell_at_bottom('code'); cell.set_text(code); Jupyter.notebook.select(Jupyter.notebook.ncells() - 1); Jupyter.notebook.edit_mode(); cell.focus_editor(); }",
            code);
    }

    private static Task KernelIsIdleAsync(IPage page) =>
        page.WaitForFunctionAsync(
            "() => window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected() && document.querySelector('#kernel_indicator_icon.kernel_idle_icon')");

    // Keeps a screenshot of what the test saw.
    private static async Task ScreenshotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MNISTLAB_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }
}
