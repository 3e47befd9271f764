using Microsoft.Playwright;
using MnistLab.BrowserTesting;

namespace MnistLab.Studio.Tests;

/// <summary>A headless browser at a lab, as a person uses it.</summary>
internal sealed class StudioBrowser : IAsyncDisposable
{
    private readonly HeadlessChromium _chromium = new();
    private readonly Uri _address;

    private StudioBrowser(Uri address) => _address = address;

    /// <summary>What went wrong in pages: scripts that failed, and what the content security policy kept away.</summary>
    public List<string> Errors { get; } = [];

    public static Task<StudioBrowser> StartAsync(RunningStudio studio) => StartAsync(studio.Application.Address);

    /// <summary>Starts a browser for the lab at an address with its token.</summary>
    public static async Task<StudioBrowser> StartAsync(Uri address)
    {
        var browser = new StudioBrowser(address);
        await browser._chromium.StartAsync();
        return browser;
    }

    /// <summary>Opens a page, in a browser of its own that has been let in.</summary>
    /// <param name="path">The page's address.</param>
    /// <param name="options">Its size and language; null for a desktop's.</param>
    /// <param name="address">The lab's address; null for the one that the browser was started with.</param>
    public async Task<IPage> OpenAsync(string path, BrowserNewContextOptions? options = null, Uri? address = null)
    {
        var page = await _chromium.NewPageAsync(options);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") Errors.Add(message.Text);
        };
        page.PageError += (_, error) => Errors.Add(error);
        address ??= _address;
        var token = path.Contains('?', StringComparison.Ordinal) ? '&' + address.Query[1..] : address.Query;
        await page.GotoAsync(new Uri(address, path + token).ToString());
        return page;
    }

    /// <summary>Opens a notebook, and waits until its kernel is ready.</summary>
    public async Task<IPage> OpenNotebookAsync(string path, Uri? address = null)
    {
        var page = await OpenAsync("/notebook/" + path, null, address);
        await ReadyAsync(page);
        return page;
    }

    /// <summary>Waits until the page's editors and its kernel are ready.</summary>
    public static async Task ReadyAsync(IPage page)
    {
        await page.Locator(".notebook[data-editor='ready']").WaitForAsync();
        await page.Locator(".kernel[data-kernel='idle']").WaitForAsync();
    }

    /// <summary>Keeps a picture, for whoever wants to see what the test saw.</summary>
    public static async Task ScreenshotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MNISTLAB_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    public ValueTask DisposeAsync() => _chromium.DisposeAsync();
}
