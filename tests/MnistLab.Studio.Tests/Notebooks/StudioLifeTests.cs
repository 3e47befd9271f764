using System.Diagnostics;
using MnistLab.Hosting;
using MnistLab.Testing;

namespace MnistLab.Studio.Tests.Notebooks;

/// <summary>What is left when Studio is killed.</summary>
public sealed class StudioLifeTests
{
    [Fact]
    public async Task Studio_IsKilled_AndAfterARestartUnsavedChangesAreThere()
    {
        using var folder = new TemporaryFolder();
        NotebookFiles.Write(folder["a.ipynb"], "1 + 1");
        await File.WriteAllTextAsync(folder["MnistLab.slnx"], "", TestContext.Current.CancellationToken);
        var original = await File.ReadAllTextAsync(folder["a.ipynb"], TestContext.Current.CancellationToken);
        var (first, address) = await StartAsync(folder, 0);
        await using var browser = await StudioBrowser.StartAsync(address);
        try
        {
            var page = await browser.OpenNotebookAsync("a.ipynb");
            await page.Locator(".source").ClickAsync();
            await page.Locator(".monaco-editor.focused").WaitForAsync();
            await page.Keyboard.PressAsync("Control+End");
            await page.Keyboard.TypeAsync(" + 5");
            await page.Keyboard.PressAsync("Control+Enter");
            await page.Locator(".outputs >> text=7").WaitForAsync();
            // Text is kept within seconds, outputs a little later.
            await FileAppearsAsync(folder["artifacts/studio/unsaved"], "1 + 1 + 5", "\"7\"");
        }
        finally
        {
            first.Kill();
            await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(original, await File.ReadAllTextAsync(folder["a.ipynb"], TestContext.Current.CancellationToken));
        var (second, again) = await StartAsync(folder, address.Port);
        try
        {
            Assert.Equal(address.Port, again.Port);
            var page = await browser.OpenNotebookAsync("a.ipynb", again);
            await page.Locator(".source >> text=1 + 1 + 5").WaitForAsync();
            await page.Locator(".outputs >> text=7").WaitForAsync();
            await page.Locator(".saved[data-saved=no]").WaitForAsync();
        }
        finally
        {
            second.Kill();
            await second.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task FileAppearsAsync(string folder, params string[] texts)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!Directory.Exists(folder) || !Directory.GetFiles(folder, "*.ipynb").Select(File.ReadAllText).Any(content => texts.All(content.Contains)))
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<(Process Process, Uri Address)> StartAsync(TemporaryFolder folder, int port)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, ["exec", Path.Combine(AppContext.BaseDirectory, "MnistLab.Studio.dll"), "--no-browser", "--port", $"{port}"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Path,
        };
        start.Environment["MNISTLAB_HOME"] = folder.Path;
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Split(' ').FirstOrDefault(word => word.StartsWith("http://", StringComparison.Ordinal)) is { } address) return (process, new Uri(address));
        }

        throw new InvalidOperationException($"Studio ended with exit code {process.ExitCode} before it was open.");
    }
}
