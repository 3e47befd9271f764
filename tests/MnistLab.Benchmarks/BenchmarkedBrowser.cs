using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using MnistLab.BrowserTesting;

namespace MnistLab.Benchmarks;

/// <summary>Represents a headless Chromium that measures pages of the lab from inside.</summary>
internal sealed class BenchmarkedBrowser : IAsyncDisposable
{
    private const int KeyInterval = 25;

    // From the click until the cell has run and its output ends with the expected text.
    private const string Run =
        """
        ([id, expected]) => new Promise(resolve => {
            const cell = document.querySelector(`[data-cell=${id}]`);
            const count = cell.querySelector('.count').textContent;
            const begin = performance.now();
            const observer = new MutationObserver(() => {
                if (cell.dataset.state !== 'idle' || cell.querySelector('.count').textContent === count) return;
                if (!cell.querySelector('.outputs').textContent.trim().endsWith(expected)) return;
                observer.disconnect();
                resolve(performance.now() - begin);
            });
            observer.observe(cell, { subtree: true, childList: true, characterData: true, attributes: true });
            cell.querySelector('.run').click();
        })
        """;

    private const string WatchFrames =
        """
        () => {
            const watch = window.watch = { pause: 0, last: performance.now(), stop: false };
            const next = now => {
                watch.pause = Math.max(watch.pause, now - watch.last);
                watch.last = now;
                if (!watch.stop) requestAnimationFrame(next);
            };
            requestAnimationFrame(next);
        }
        """;

    private readonly HeadlessChromium _chromium = new();

    /// <summary>Opens a page in a new browser profile.</summary>
    /// <param name="address">The address.</param>
    /// <param name="selector">The selector of an element that appears once the page is ready for use.</param>
    /// <returns>The page, and how long it took.</returns>
    public async Task<(IPage Page, double Seconds)> OpenAsync(Uri address, string selector)
    {
        await _chromium.StartAsync();
        var page = await _chromium.NewPageAsync();
        var start = Stopwatch.GetTimestamp();
        await page.GotoAsync(address.ToString(), new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator(selector).First.WaitForAsync();
        return (page, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Opens a notebook, and waits until its editor and its kernel are ready.</summary>
    public async Task<(IPage Page, double Seconds)> OpenNotebookAsync(BenchmarkedStudio studio, string path)
    {
        var address = new Uri(studio.Address, $"/notebook/{path}{studio.Address.Query}");
        var start = Stopwatch.GetTimestamp();
        var (page, _) = await OpenAsync(address, ".notebook[data-editor='ready']");
        await page.Locator(".kernel[data-kernel='idle']").WaitForAsync();
        return (page, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public ValueTask ClosePagesAsync() => _chromium.ClosePagesAsync();

    /// <summary>Runs a cell.</summary>
    /// <returns>The time from the click until the expected end of its output can be seen, in milliseconds.</returns>
    public static async Task<double> RunCellAsync(IPage page, string cell, string expected) =>
        (await page.EvaluateAsync<JsonElement>(Run, new[] { cell, expected })).GetDouble();

    /// <summary>Types into a cell, as fast as people do at best.</summary>
    /// <returns>The longest time between two frames of the page, in milliseconds.</returns>
    public static async Task<double> TypeAsync(IPage page, string cell)
    {
        await page.Locator($"[data-cell={cell}] .source").ClickAsync();
        await page.Locator($"[data-cell={cell}] .monaco-editor.focused").WaitForAsync();
        await page.EvaluateAsync(WatchFrames);
        const string Text = " a comment that is as long as comments are, and a little longer: it takes several seconds to type";
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync(Text + Text, new() { Delay = KeyInterval });
        var pause = await page.EvaluateAsync<JsonElement>("() => { window.watch.stop = true; return window.watch.pause; }");
        await page.WaitForFunctionAsync(
            "([id, text]) => document.querySelector('.notebook').view.text(id).endsWith(text)", new[] { cell, Text });
        return pause.GetDouble();
    }

    /// <summary>Returns the size of the page's live objects after a garbage collection.</summary>
    public static async Task<double> HeapMegabytesAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("HeapProfiler.collectGarbage");
        var usage = await session.SendAsync("Runtime.getHeapUsage");
        await session.DetachAsync();
        return usage!.Value.GetProperty("usedSize").GetDouble() / 1e6;
    }

    public ValueTask DisposeAsync() => _chromium.DisposeAsync();
}
