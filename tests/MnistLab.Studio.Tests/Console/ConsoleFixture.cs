using Microsoft.Playwright;

namespace MnistLab.Studio.Tests.Console;

/// <summary>Represents a lab and a browser that the tests of a class share.</summary>
public sealed class ConsoleFixture : IAsyncLifetime
{
    private const float Patience = 60_000;

    private RunningStudio? _studio;
    private StudioBrowser? _browser;

    internal RunningStudio Studio => _studio!;

    internal StudioBrowser Browser => _browser!;

    public async ValueTask InitializeAsync()
    {
        _studio = await RunningStudio.StartAsync();
        _browser = await StudioBrowser.StartAsync(_studio);
    }

    /// <summary>Opens a screen, and waits until it is connected.</summary>
    public async Task<IPage> OpenAsync(string path, BrowserNewContextOptions? options = null)
    {
        var page = await Browser.OpenAsync(path, options);
        page.SetDefaultTimeout(Patience);
        await page.Locator(".console[data-connected='true']").WaitForAsync(new() { Timeout = Patience });
        return page;
    }

    /// <summary>Saves screenshots of a screen in both themes and at the width of a phone.</summary>
    public static async Task ScreenshotsAsync(IPage page, string name)
    {
        var size = page.ViewportSize!;
        foreach (var theme in new[] { "light", "dark" })
        {
            await page.EvaluateAsync(
                """
                theme => {
                    document.documentElement.dataset.theme = theme;
                    document.dispatchEvent(new Event("studio-theme"));
                }
                """,
                theme);
            await StudioBrowser.ScreenshotAsync(page, $"{name}-{theme}");
        }

        await page.SetViewportSizeAsync(390, 844);
        await StudioBrowser.ScreenshotAsync(page, $"{name}-phone");
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        if (_studio is not null) await _studio.DisposeAsync();
    }
}
