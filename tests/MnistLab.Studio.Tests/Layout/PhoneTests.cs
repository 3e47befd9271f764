using Microsoft.Playwright;
using MnistLab.Studio.Tests.Notebooks;

namespace MnistLab.Studio.Tests.Layout;

public sealed class PhoneTests
{
    [Theory]
    [InlineData("/", "light")]
    [InlineData("/", "dark")]
    [InlineData("/files", "light")]
    [InlineData("/document/notebooks/README.md", "dark")]
    [InlineData("/notebook/notebooks/1-a.ipynb", "light")]
    [InlineData("/notebook/notebooks/1-a.ipynb", "dark")]
    [InlineData("/nowhere", "light")]
    public async Task Page_OnAPhone_FitsItsWidth_InBothThemes(string path, string theme)
    {
        await using var studio = await RunningStudio.StartAsync(folder =>
        {
            NotebookFiles.Write(
                Path.Combine(folder, "notebooks", "1-a.ipynb"),
                "md:# 1 · Prepare the data\n\n**You will learn** what a dataset consists of, and a-very-long-word-"
                    + new string('x', 120)
                    + ".\n\n| a | b | c |\n|---|---|---|\n| "
                    + new string('y', 90)
                    + " | 2 | 3 |",
                "var aLongLine = \"" + new string('z', 200) + "\"; Console.WriteLine(aLongLine);",
                "md:Some `code` and a [link](README.md).\n\n```csharp\nvar code = \"" + new string('w', 120) + "\";\n```");
            File.WriteAllText(
                Path.Combine(folder, "notebooks", "README.md"),
                "# The map\n\n| " + new string('q', 100) + " | b |\n|---|---|\n| 1 | 2 |");
        });
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenAsync(path, new()
        {
            ViewportSize = new() { Width = 390, Height = 844 },
            ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
        });
        await page.Locator(".bar").WaitForAsync();
        if (path.Contains("/notebook/", StringComparison.Ordinal))
        {
            await StudioBrowser.ReadyAsync(page);
            await page.ClickAsync("button[data-command=run-all]");
            await page.Locator("[data-cell=c1] .stream pre").WaitForAsync();
        }

        await StudioBrowser.ScreenshotAsync(page, $"phone-{theme}-{path.Trim('/').Replace('/', '-')}");
        Assert.True(
            await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"),
            "The page scrolls sideways.");
        var background = await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        Assert.Equal(theme == "dark" ? "rgb(20, 23, 28)" : "rgb(255, 255, 255)", background);
    }

    [Fact]
    public async Task Pages_HaveNamesForScreenReaders()
    {
        await using var studio = await RunningStudio.StartAsync(folder => NotebookFiles.Write(
            Path.Combine(folder, "notebooks", "1-a.ipynb"),
            "md:# Title",
            "1 + 1",
            "\"<p id='x'>frame</p>\".DisplayAs(\"text/html\");"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("notebooks/1-a.ipynb");
        await page.ClickAsync("button[data-command=run-all]");
        await page.Locator("iframe").WaitForAsync();

        Assert.Equal("en", await page.Locator("html").GetAttributeAsync("lang"));
        Assert.Equal(["Text cell 1", "Code cell 2", "Code cell 3"], await page
            .Locator(".cell")
            .EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.getAttribute('aria-label'))"));
        Assert.Equal("Output of the cell", await page.Locator("iframe").GetAttributeAsync("title"));
        // Every control has an accessible name.
        Assert.Empty(await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('button, select, input, a')]
                .filter(element => !element.closest('.monaco-editor') && !(element.innerText || element.textContent).trim() && !element.getAttribute('aria-label') && !element.title && !(element.id && document.querySelector(`label[for="${element.id}"]`)))
                .map(element => element.outerHTML)
            """));
    }
}
