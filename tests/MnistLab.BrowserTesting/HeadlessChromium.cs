using Microsoft.Playwright;
using MnistLab.Testing;

namespace MnistLab.BrowserTesting;

/// <summary>
/// Represents a headless Chromium that the tests of a class can share: each page has separate cookies, storage, and
/// cache. It starts with the first page; a test that opens a page is skipped, or fails with <c>CI=true</c>, if Chromium
/// is not installed.
/// </summary>
public sealed class HeadlessChromium : IAsyncDisposable
{
    /// <summary>The maximum time of any operation in a page, in milliseconds.</summary>
    /// <remarks>Generous, because other programs may leave little processor time for the page.</remarks>
    public const float Patience = 60_000;

    // Names under .example resolve to this machine.
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP *.example 127.0.0.1",
    ];

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _started = new(LaunchAsync);

    /// <summary>Starts the browser now rather than with the first page.</summary>
    public Task StartAsync() => _started.Value;

    /// <summary>Opens an empty page without history, cookies, or cache.</summary>
    /// <param name="options">
    /// The size, language, and other options of the page; null for those of a small desktop.
    /// </param>
    /// <param name="patience">The maximum time of each wait, in milliseconds.</param>
    public async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null, float patience = Patience)
    {
        var (_, browser) = await _started.Value;
        var context = await browser.NewContextAsync(options ?? new() { ViewportSize = new() { Width = 1280, Height = 1000 } });
        context.SetDefaultTimeout(patience);
        return await context.NewPageAsync();
    }

    /// <summary>Closes all pages, so that the next test starts without any.</summary>
    public async ValueTask ClosePagesAsync()
    {
        if (!_started.IsValueCreated || _started.Value.IsFaulted) return;
        var (_, browser) = await _started.Value;
        foreach (var context in browser.Contexts.ToArray()) await context.CloseAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated || _started.Value.IsFaulted) return;
        var (playwright, browser) = await _started.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> LaunchAsync()
    {
        var chromium = InstalledProgram.Require("chromium");
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Flags });
        return (playwright, browser);
    }
}
