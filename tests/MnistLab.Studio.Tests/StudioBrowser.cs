using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MnistLab.BrowserTesting;

namespace MnistLab.Studio.Tests;

/// <summary>Represents a headless browser at a lab, as a person uses it.</summary>
internal sealed class StudioBrowser : IAsyncDisposable
{
    private readonly HeadlessChromium _chromium;
    private readonly Uri _address;
    private readonly List<IBrowserContext> _contexts = [];

    private StudioBrowser(HeadlessChromium chromium, Uri address) => (_chromium, _address) = (chromium, address);

    /// <summary>
    /// Gets the errors of pages: scripts that failed, and requests that the content security policy blocked.
    /// </summary>
    public List<string> Errors { get; } = [];

    public static Task<StudioBrowser> StartAsync(RunningStudio studio) => StartAsync(studio.Application.Address);

    /// <summary>Starts a browser for the lab at an address with its token.</summary>
    public static async Task<StudioBrowser> StartAsync(Uri address)
    {
        // One process for all tests; each page has cookies and storage of its own.
        var chromium = await TestContext.Current.GetFixture<HeadlessChromium>();
        await chromium!.StartAsync();
        return new(chromium, address);
    }

    /// <summary>Opens a page in a separate, authorized browser context.</summary>
    /// <param name="path">The address of the page.</param>
    /// <param name="options">The size and the language; null for those of a desktop.</param>
    /// <param name="address">The address of the lab; null for the one that the browser was started with.</param>
    public async Task<IPage> OpenAsync(string path, BrowserNewContextOptions? options = null, Uri? address = null)
    {
        var page = await _chromium.NewPageAsync(options);
        _contexts.Add(page.Context);
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

    /// <summary>Waits until the editors of the page and its kernel are ready.</summary>
    public static async Task ReadyAsync(IPage page)
    {
        await page.Locator(".notebook[data-editor='ready']").WaitForAsync();
        await page.Locator(".kernel[data-kernel='idle']").WaitForAsync();
    }

    /// <summary>Waits until a page is at an address, even if it is still loading.</summary>
    public static Task ArriveAsync(IPage page, string path) =>
        Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(path) + "$"), new() { Timeout = HeadlessChromium.Patience });

    /// <summary>Saves a screenshot of what the test saw.</summary>
    public static async Task ScreenshotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MNISTLAB_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    /// <summary>Closes the pages, and writes what they showed at the end to the output of the test.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
        {
            foreach (var page in context.Pages) await ReportAsync(page);
            await context.CloseAsync();
        }
    }

    private static async Task ReportAsync(IPage page)
    {
        if (TestContext.Current.TestOutputHelper is not { } output) return;
        try
        {
            var text = await page.EvaluateAsync<string>("document.body.innerText");
            output.WriteLine($"{page.Url} showed:\n{text[..Math.Min(text.Length, 3000)]}");
        }
        catch (PlaywrightException error)
        {
            output.WriteLine($"{page.Url}: {error.Message}");
        }
    }
}
