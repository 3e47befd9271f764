using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace MnistLab.Studio.Tests.Notebooks;

/// <summary>Tests notebooks in a browser, with the keys and buttons that a person uses.</summary>
public sealed class NotebookPageTests
{
    [Fact]
    public async Task Notebook_IsEditedRunAndSaved_AndIsAValidFile()
    {
        await using var studio = await RunningStudio.StartAsync(
            folder => NotebookFiles.Write(Path.Combine(folder, "a.ipynb"), "md:# Title", "1 + 1", "var x = 5;"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");

        await page.Locator("[data-cell=c1] .source").ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync(" + 40");
        await page.Keyboard.PressAsync("Shift+Enter");
        await page.Locator("[data-cell=c1] .outputs >> text=42").WaitForAsync();
        await page.Keyboard.PressAsync("Shift+Enter");
        // It was the last cell, so the next one is new and open for editing.
        await page.Locator(".monaco-editor.focused").WaitForAsync();
        await page.Keyboard.TypeAsync("x * 2");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator(".outputs >> text=10").WaitForAsync();
        await page.Keyboard.PressAsync("Control+s");
        await page.Locator(".saved[data-saved=yes]").WaitForAsync();

        var json = JsonNode.Parse(await File.ReadAllTextAsync(studio.File("a.ipynb"), TestContext.Current.CancellationToken))!;
        Assert.Equal(["# Title", "1 + 1 + 40", "var x = 5;", "x * 2"], NotebookFiles.Sources(json).Where(source => source.Length > 0));
        Assert.Equal("42", (string?)json["cells"]![1]!["outputs"]![0]!["data"]!["text/plain"]![0]);
        Assert.Equal(1, (int?)json["metadata"]!["mine"]);
        await StudioBrowser.ScreenshotAsync(page, "notebook");
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task Cells_AreAddedMovedSplitMergedConvertedAndDeleted_AndDeletionIsUndone()
    {
        await using var studio = await RunningStudio.StartAsync(
            folder => NotebookFiles.Write(Path.Combine(folder, "a.ipynb"), "var a = 1;\n\nvar b = 2;", "var c = 3;"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");

        await page.Locator("[data-cell=c0] .source").ClickAsync();
        await page.Keyboard.PressAsync("Control+Home");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Control+Shift+Minus");
        await Cells(page).Nth(2).WaitForAsync();
        Assert.Equal(["var a = 1;", "var b = 2;", "var c = 3;"], await SourcesAsync(page));

        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+Shift+ArrowDown");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.cell')].at(-1).hasAttribute('data-selected')");
        Assert.Equal(["var a = 1;", "var c = 3;", "var b = 2;"], await SourcesAsync(page));

        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Shift+M");
        await Cells(page).Nth(2).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Equal(["var a = 1;", "var c = 3;\n\nvar b = 2;"], await SourcesAsync(page));

        await page.Keyboard.PressAsync("d");
        await page.Keyboard.PressAsync("d");
        await Cells(page).Nth(1).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Keyboard.PressAsync("z");
        await Cells(page).Nth(1).WaitForAsync();
        Assert.Equal("var c = 3;\n\nvar b = 2;", (await SourcesAsync(page))[1]);

        await page.Keyboard.PressAsync("m");
        await page.Locator(".cell[data-kind=markdown]").WaitForAsync();
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task Loop_IsInterrupted_AndKeepsTheState_ThenARestartForgetsIt()
    {
        await using var studio = await RunningStudio.StartAsync(folder => NotebookFiles.Write(
            Path.Combine(folder, "a.ipynb"),
            "var kept = 41;",
            "Console.WriteLine(\"in the loop\"); while (true) { }",
            "kept + 1"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");

        await page.ClickAsync("button[data-command=run-all]");
        await page.Locator("[data-cell=c1] .stream >> text=in the loop").WaitForAsync();
        await page.ClickAsync("button[data-command=interrupt]");
        await page.Locator("[data-cell=c1] .output-error").WaitForAsync();
        await page.Locator(".kernel[data-kernel=idle]").WaitForAsync();
        await page.Locator("[data-cell=c2]").ClickAsync(new() { Position = new() { X = 20, Y = 5 } });
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator("[data-cell=c2] .outputs >> text=42").WaitForAsync();

        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.ClickAsync("button[data-command=restart]");
        await StudioBrowser.ReadyAsync(page);
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator("[data-cell=c2] .output-error >> text=CS0103").First.WaitForAsync();
        await StudioBrowser.ScreenshotAsync(page, "interrupted");
    }

    [Fact]
    public async Task Editor_CompletesWithTab_ShowsSignaturesAndHover_AndMarksErrors()
    {
        await using var studio = await RunningStudio.StartAsync(
            folder => NotebookFiles.Write(Path.Combine(folder, "a.ipynb"), "var total = 42;", "", "undefinedName + 1"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");
        await page.Locator("[data-cell=c0] .run").ClickAsync();
        await page.Locator("[data-cell=c0] .count >> text=[1]").WaitForAsync();

        await page.Locator("[data-cell=c1] .source").ClickAsync();
        await page.Locator("[data-cell=c1] .monaco-editor.focused").WaitForAsync();
        await page.Keyboard.TypeAsync("total.CompareT");
        await page.Locator(".suggest-widget.visible .monaco-list-row >> text=CompareTo").First.WaitForAsync();
        await StudioBrowser.ScreenshotAsync(page, "completion");
        await page.Keyboard.PressAsync("Tab");
        await page.WaitForFunctionAsync("() => document.querySelector('.notebook').view.text('c1') === 'total.CompareTo'");
        await page.Keyboard.TypeAsync("(");
        await page.Locator(".parameter-hints-widget.visible").WaitForAsync();
        await StudioBrowser.ScreenshotAsync(page, "signature");
        await page.Keyboard.TypeAsync("1");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator("[data-cell=c1] .outputs >> text=1").WaitForAsync();

        await page.Locator("[data-cell=c2] .source").ClickAsync();
        await page.Locator("[data-cell=c2] .squiggly-error").WaitForAsync();
        await page.Locator("[data-cell=c1] .view-line span:has-text('CompareTo')").Last.HoverAsync();
        await page.Locator(".monaco-hover:visible >> text=CompareTo").First.WaitForAsync();
        await StudioBrowser.ScreenshotAsync(page, "hover");
    }

    [Fact]
    public async Task Page_IsReloadedWhileACellRuns_ShowsAllItsOutput_AndIsEditedMeanwhile()
    {
        await using var studio = await RunningStudio.StartAsync(folder => NotebookFiles.Write(
            Path.Combine(folder, "a.ipynb"),
            "foreach (var i in Enumerable.Range(0, 2)) { Console.WriteLine($\"part {i}\"); while (i == 0 && !System.IO.File.Exists(\"go\")) await Task.Delay(20); }\n\"end\"",
            ""));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");
        await page.Locator("[data-cell=c0] .run").ClickAsync();
        await page.Locator(".stream >> text=part 0").WaitForAsync();

        await page.ReloadAsync();
        await page.Locator(".stream >> text=part 0").WaitForAsync();
        await page.Locator("[data-cell=c0][data-state=running]").WaitForAsync();
        // While the kernel is busy, the editor suggests words of the notebook, and does not hang.
        await page.Locator("[data-cell=c1] .source").ClickAsync();
        await page.Locator("[data-cell=c1] .monaco-editor.focused").WaitForAsync();
        await page.Keyboard.TypeAsync("Math.Ma");
        await page.Keyboard.PressAsync("Control+Space");
        await page.Locator(".suggest-widget.visible .monaco-list-row >> text=Math").First.WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await File.WriteAllTextAsync(studio.File("go"), "", TestContext.Current.CancellationToken);

        await page.Locator(".stream >> text=part 1").WaitForAsync();
        await page.Locator(".outputs >> text=end").WaitForAsync();
        await page.Locator("[data-cell=c0][data-state=idle]").WaitForAsync();
        await page.Keyboard.TypeAsync("x");
        await page.Keyboard.PressAsync("Control+Space");
        await page.Locator(".suggest-widget.visible .monaco-list-row >> text=MaxMagnitude").First.WaitForAsync();
    }

    [Fact]
    public async Task Kernel_IsKilled_AndTheNotebookSaysSo_AndRestarts()
    {
        await using var studio = await RunningStudio.StartAsync(folder => NotebookFiles.Write(
            Path.Combine(folder, "a.ipynb"),
            "Environment.ProcessId",
            "Console.WriteLine(\"waiting\"); while (true) { }"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");
        await page.Locator("[data-cell=c0] .run").ClickAsync();
        var process = int.Parse(
            await page.Locator("[data-cell=c0] .outputs .plain").InnerTextAsync(),
            System.Globalization.CultureInfo.InvariantCulture);
        await page.Locator("[data-cell=c1] .run").ClickAsync();
        await page.Locator("[data-cell=c1] .stream >> text=waiting").WaitForAsync();

        using (var kernel = System.Diagnostics.Process.GetProcessById(process)) kernel.Kill();

        await page.Locator(".notice.error >> text=The kernel stopped unexpectedly").WaitForAsync();
        await StudioBrowser.ScreenshotAsync(page, "killed");
        Assert.Equal(2, await Cells(page).CountAsync());
        Assert.Contains("waiting", await page.Locator("[data-cell=c1] .outputs").InnerTextAsync(), StringComparison.Ordinal);
        await page.ClickAsync(".notice.error button");
        await page.Locator(".kernel[data-kernel=idle]").WaitForAsync();
        await page.Locator(".notice.error").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator("[data-cell=c0] .run").ClickAsync();
        await page.WaitForFunctionAsync(
            $"() => document.querySelector('[data-cell=c0] .outputs .plain')?.innerText > 0 && document.querySelector('[data-cell=c0] .outputs .plain').innerText !== '{process}'");
    }

    [Fact]
    public async Task Notebook_InTwoWindows_SaysSo_AndBothFollow()
    {
        await using var studio = await RunningStudio.StartAsync(folder => NotebookFiles.Write(Path.Combine(folder, "a.ipynb"), "1 + 1"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var first = await browser.OpenNotebookAsync("a.ipynb");
        Assert.Equal(0, await first.Locator(".other-page").CountAsync());
        var second = await browser.OpenNotebookAsync("a.ipynb");
        await first.Locator(".other-page").WaitForAsync();
        await second.Locator(".other-page").WaitForAsync();

        await first.Locator(".source").ClickAsync();
        await first.Locator(".monaco-editor.focused").WaitForAsync();
        await first.Keyboard.PressAsync("Control+End");
        await first.Keyboard.TypeAsync(" + 7");
        await first.Keyboard.PressAsync("Control+Enter");
        await second.Locator(".outputs >> text=9").WaitForAsync();
        await second.WaitForFunctionAsync("() => document.querySelector('.notebook').view.text('c0') === '1 + 1 + 7'");
        await second.Context.CloseAsync();
        await first.Locator(".other-page").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task File_ChangedByOthers_IsNoticed_AndBothVersionsAreKept()
    {
        await using var studio = await RunningStudio.StartAsync(folder => NotebookFiles.Write(Path.Combine(folder, "a.ipynb"), "1 + 1"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");

        NotebookFiles.Write(studio.File("a.ipynb"), "2 + 2");
        await page.Locator(".source >> text=2 + 2").WaitForAsync();

        await page.Locator(".source").ClickAsync();
        await page.Locator(".monaco-editor.focused").WaitForAsync();
        await page.Keyboard.TypeAsync("mine + ");
        await page.Locator(".saved[data-saved=no]").WaitForAsync();
        NotebookFiles.Write(studio.File("a.ipynb"), "theirs");
        await page.Keyboard.PressAsync("Control+s");
        await page.Locator(".keep-own").WaitForAsync();
        await StudioBrowser.ScreenshotAsync(page, "conflict");
        await page.ClickAsync(".keep-own");
        await page.Locator(".saved[data-saved=yes]").WaitForAsync();

        Assert.Contains(
            "mine",
            await File.ReadAllTextAsync(studio.File("a.ipynb"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        var kept = Assert.Single(Directory.GetFiles(studio.Workspace, "a.disk-*.ipynb"));
        Assert.Contains("theirs", await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static ILocator Cells(IPage page) => page.Locator(".cell");

    private static async Task<string[]> SourcesAsync(IPage page) =>
        await page.EvaluateAsync<string[]>(
            "() => { const view = document.querySelector('.notebook').view; return view.cells().map(cell => view.text(cell.dataset.cell)); }");
}
