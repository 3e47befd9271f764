using Microsoft.Playwright;
using MnistLab.Testing;

namespace MnistLab.Studio.Tests;

/// <summary>A headless browser at a lab, as a person uses it.</summary>
internal sealed class StudioBrowser : IAsyncDisposable
{
    private const float Patience = 15_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private readonly Uri _address;

    private StudioBrowser(IPlaywright playwright, IBrowser browser, Uri address) =>
        (_playwright, _browser, _address) = (playwright, browser, address);

    /// <summary>What went wrong in pages: scripts that failed, and what the content security policy kept away.</summary>
    public List<string> Errors { get; } = [];

    public static Task<StudioBrowser> StartAsync(RunningStudio studio) => StartAsync(studio.Application.Address);

    /// <summary>Starts a browser for the lab at an address with its token.</summary>
    public static async Task<StudioBrowser> StartAsync(Uri address)
    {
        var chromium = InstalledProgram.Require("chromium");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new(playwright, browser, address);
    }

    /// <summary>Opens a page, in a browser of its own that has been let in.</summary>
    /// <param name="path">The page's address.</param>
    /// <param name="options">Its size and language; null for a desktop's.</param>
    /// <param name="address">The lab's address; null for the one that the browser was started with.</param>
    public async Task<IPage> OpenAsync(string path, BrowserNewContextOptions? options = null, Uri? address = null)
    {
        var context = await _browser.NewContextAsync(options ?? new() { ViewportSize = new() { Width = 1280, Height = 1000 } });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(Patience);
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

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
