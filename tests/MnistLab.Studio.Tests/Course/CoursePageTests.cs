using System.Text.Json.Nodes;
using Microsoft.Playwright;
using MnistLab.Studio.Tests.Notebooks;

namespace MnistLab.Studio.Tests.Course;

public sealed class CoursePageTests
{
    [Fact]
    public async Task Course_ShowsProgress_InBothLanguages_AndANotebookIsReset()
    {
        await using var studio = await RunningStudio.StartAsync(folder =>
        {
            // A separate Check class: it only matters that it is a check, and that it passes.
            string[] cells = ["md:# {0}\n\nYou will learn *things*.",
                "class Check { public static string That(bool holds) => holds ? \"✓ fine\" : throw new Exception(\"not yet\"); }",
                "Check.That(true)",
                "Check.That(false)",
                "md:<details><summary>Answer</summary>\n\nForty-two.\n\n</details>"];
            NotebookFiles.Write(
                Path.Combine(folder, "notebooks", "1-a.ipynb"),
                [.. cells.Select(cell => cell.Replace("{0}", "First", StringComparison.Ordinal))]);
            NotebookFiles.Write(
                Path.Combine(folder, "notebooks", "zh", "1-a.ipynb"),
                [.. cells.Select(cell => cell.Replace("{0}", "第一", StringComparison.Ordinal))]);
        });
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenAsync("/");
        await page.Locator("h2 >> text=First").WaitForAsync();
        await page.Locator(".steps >> text=0 of 2").WaitForAsync();
        await page.ClickAsync("h2 a");
        await StudioBrowser.ReadyAsync(page);
        Assert.False(await page.Locator(".markdown >> text=Forty-two").IsVisibleAsync());
        await page.ClickAsync("summary >> text=Answer");
        Assert.True(await page.Locator(".markdown >> text=Forty-two").IsVisibleAsync());

        await page.ClickAsync("button[data-command=run-all]");
        await page.Locator("[data-cell=c3] .output-error").WaitForAsync();
        await page.ClickAsync(".bar nav a >> nth=0");
        await page.Locator(".steps >> text=1 of 2").WaitForAsync();
        await StudioBrowser.ScreenshotAsync(page, "course");
        await page.ClickAsync(".choices a");
        await page.Locator("h2 >> text=第一").WaitForAsync();
        Assert.Equal("已通过 1 / 2 项检查", await page.Locator(".steps span").InnerTextAsync());
        Assert.Equal("zh-CN", await page.Locator("html").GetAttributeAsync("lang"));

        await page.GotoAsync(new Uri(studio.Application.Root, "/notebook/notebooks/1-a.ipynb").ToString());
        await StudioBrowser.ReadyAsync(page);
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.Locator("[data-cell=c2] .source").ClickAsync();
        await page.Locator("[data-cell=c2] .monaco-editor.focused").WaitForAsync();
        await page.Keyboard.TypeAsync("// changed ");
        await page.Keyboard.PressAsync("Control+s");
        await page.Locator(".saved[data-saved=yes]").WaitForAsync();
        await page.ClickAsync(".menu summary");
        await page.ClickAsync("[data-command=reset]");
        await page.Locator(".notice.success").WaitForAsync();
        Assert.DoesNotContain(
            "// changed",
            await File.ReadAllTextAsync(studio.File("notebooks/1-a.ipynb"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        var kept = Assert.Single(Directory.GetFiles(studio.File("notebooks"), "1-a.copy-*.ipynb"));
        Assert.Contains("// changed", await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task Parameter_IsChangedInTheForm_AndDependentCellsRunAgain_BesideTheirEarlierResults()
    {
        await using var studio = await RunningStudio.StartAsync(folder =>
        {
            var file = Path.Combine(folder, "a.ipynb");
            NotebookFiles.Write(
                file,
                "var rate = 2.0;",
                "var runs = 0;",
                "runs++; $\"rate {rate}, run {runs}\"",
                "\"unrelated\"",
                """$"<svg width=\"20\" height=\"40\"><polyline points=\"0,0 10,{10 * rate}\" /></svg>".DisplayAs("text/html");""");
            var json = JsonNode.Parse(File.ReadAllText(file))!;
            json["cells"]![0]!["metadata"]!["tags"] = new JsonArray("parameters");
            File.WriteAllText(file, json.ToJsonString());
        });
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");
        await page.ClickAsync("button[data-command=run-all]");
        await page.Locator("[data-cell=c2] .outputs >> text=rate 2, run 1").WaitForAsync();
        await page.Locator("[data-cell=c3] .count >> text=[4]").WaitForAsync();
        await CurveAsync("0,0 10,20");

        await page.Locator(".parameter input[type=text]").FillAsync("3.5");
        await page.Keyboard.PressAsync("Tab");

        await page.Locator("[data-cell=c2] .outputs >> text=rate 3.5, run 2").WaitForAsync();
        await CurveAsync("0,0 10,35");
        await page.Locator("[data-cell=c2] .earlier summary").ClickAsync();
        await page.Locator("[data-cell=c2] .earlier >> text=rate 2, run 1").WaitForAsync();
        await page.Locator("[data-cell=c0] .source >> text=var rate = 3.5;").WaitForAsync();
        Assert.Equal("[4]", await page.Locator("[data-cell=c3] .count").InnerTextAsync());
        await StudioBrowser.ScreenshotAsync(page, "parameters");

        Task CurveAsync(string points) => page
            .Locator($"[data-cell=c4] .outputs polyline[points='{points}']")
            .WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }
}
