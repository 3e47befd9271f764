namespace MnistLab.Studio.Tests.Notebooks;

/// <summary>Tests notebooks in the format of Polyglot Notebooks.</summary>
public sealed class DibNotebookTests
{
    private const string Text =
        "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\",\"items\":[{\"name\":\"csharp\"}]}}\n\n"
        + "#!markdown\n\n# Title\n\n#!csharp\n\nvar a = 41;\n\n#!html\n\n<b>bold</b>\n\n#!csharp\n\na + 1\n";

    [Fact]
    public async Task Dib_IsOpened_Run_Edited_AndSavedInItsOwnFormat()
    {
        await using var studio = await RunningStudio.StartAsync(folder =>
        {
            File.WriteAllText(Path.Combine(folder, "a.dib"), Text);
            File.WriteAllText(Path.Combine(folder, "f.dib"), "#!fsharp\n\nlet a = 1\n");
        });
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenAsync("/files/");
        await page.ClickAsync("text=a.dib");
        await StudioBrowser.ReadyAsync(page);
        await page.Locator("h1 >> text=Title").WaitForAsync();
        await page.ClickAsync("button[data-command=run-all]");
        await page.Locator(".outputs >> text=42").WaitForAsync();
        Assert.Equal("bold", await page.Locator(".outputs b").InnerTextAsync());

        var last = page.Locator(".cell").Last;
        await last.Locator(".source").ClickAsync();
        await last.Locator(".monaco-editor.focused").WaitForAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync(" + 100");
        await page.Keyboard.PressAsync("Control+s");
        await page.Locator(".saved[data-saved=yes]").WaitForAsync();
        Assert.Equal(Text.Replace("a + 1", "a + 1 + 100", StringComparison.Ordinal), await ReadAsync(studio));

        // A version from another editor is shown, and subsequent input is added to it.
        await File.WriteAllTextAsync(studio.File("a.dib"), "#!csharp\n\n\"theirs\"\n", TestContext.Current.CancellationToken);
        await page.Locator(".source >> text=theirs").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".cell .source").ClickAsync();
        await page.Locator(".monaco-editor.focused").WaitForAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync(".Length");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator(".outputs >> text=6").WaitForAsync();
        await page.Keyboard.PressAsync("Control+s");
        await page.Locator(".saved[data-saved=yes]").WaitForAsync();
        Assert.Equal("#!csharp\n\n\"theirs\".Length\n", await ReadAsync(studio));
        Assert.Equal(["a.dib", "f.dib"], Directory.GetFiles(studio.Workspace).Select(Path.GetFileName).Order());

        await page.GotoAsync(new Uri(studio.Application.Root, "/notebook/f.dib").ToString());
        await page.Locator(".notice.error >> text=the cell that begins in line 1 is in F#").WaitForAsync();
        Assert.Empty(browser.Errors);
    }

    private static Task<string> ReadAsync(RunningStudio studio) =>
        File.ReadAllTextAsync(studio.File("a.dib"), TestContext.Current.CancellationToken);
}
