using MnistLab.Testing;

namespace MnistLab.Studio.Tests.Notebooks;

/// <summary>Tests what is kept when Studio is killed.</summary>
public sealed class StudioLifeTests
{
    [Fact]
    public async Task Studio_IsKilled_AndAfterARestartUnsavedChangesAreThere()
    {
        using var folder = new TemporaryFolder();
        NotebookFiles.Write(folder["a.ipynb"], "1 + 1");
        await File.WriteAllTextAsync(folder["MnistLab.slnx"], "", TestContext.Current.CancellationToken);
        var original = await File.ReadAllTextAsync(folder["a.ipynb"], TestContext.Current.CancellationToken);
        Uri address;
        StudioBrowser browser;
        await using (var first = await StudioProcess.StartAsync(folder.Path))
        {
            address = first.Address;
            browser = await StudioBrowser.StartAsync(address);
            var page = await browser.OpenNotebookAsync("a.ipynb");
            await page.Locator(".source").ClickAsync();
            await page.Locator(".monaco-editor.focused").WaitForAsync();
            await page.Keyboard.PressAsync("Control+End");
            await page.Keyboard.TypeAsync(" + 5");
            await page.Keyboard.PressAsync("Control+Enter");
            await page.Locator(".outputs >> text=7").WaitForAsync();
            // Text is saved within seconds, outputs a little later.
            await FileAppearsAsync(folder["artifacts/studio/unsaved"], "1 + 1 + 5", "\"7\"");
        }

        await using var closing = browser;
        Assert.Equal(original, await File.ReadAllTextAsync(folder["a.ipynb"], TestContext.Current.CancellationToken));
        await using var second = await StudioProcess.StartAsync(folder.Path, address.Port);
        Assert.Equal(address.Port, second.Address.Port);
        var reopened = await browser.OpenNotebookAsync("a.ipynb", second.Address);
        await reopened.Locator(".source >> text=1 + 1 + 5").WaitForAsync();
        await reopened.Locator(".outputs >> text=7").WaitForAsync();
        await reopened.Locator(".saved[data-saved=no]").WaitForAsync();
    }

    private static async Task FileAppearsAsync(string folder, params string[] texts)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!Directory.Exists(folder) || !Directory
            .GetFiles(folder, "*.ipynb")
            .Select(File.ReadAllText)
            .Any(content => texts.All(content.Contains)))
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}
