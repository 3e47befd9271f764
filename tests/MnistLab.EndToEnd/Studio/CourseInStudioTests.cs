using System.Diagnostics;
using Microsoft.Playwright;
using MnistLab.BrowserTesting;

namespace MnistLab.EndToEnd;

/// <summary>
/// Tests the course in the browser pages of the lab, opened with the command <c>open</c>, in both editions.
/// </summary>
public sealed class CourseInStudioTests
{
    // The maximum time of a notebook on a fully loaded machine, in milliseconds.
    private const float Patience = 600_000;
    private static readonly string[] Notebooks = ["1-prepare", "2-train", "3-deploy", "4-predict"];

    [Theory]
    [InlineData("")]
    [InlineData("zh/")]
    public async Task Course_OpenedInTheBrowser_RunsWithEveryCheckGreenAndEveryChartDrawn(string edition)
    {
        await using var chromium = new HeadlessChromium();
        await chromium.StartAsync();
        await using var workspace = new CopiedWorkspace();
        workspace.ShortenTraining();
        using var studio = workspace.Start(null, "open", "--no-browser", "--port", "0");
        try
        {
            var address = await AddressOfAsync(studio);
            var page = await chromium.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 1600 } }, Patience);
            await page.GotoAsync(address.ToString());
            foreach (var notebook in Notebooks)
            {
                await page.GotoAsync(new Uri(address, $"/notebook/notebooks/{edition}{notebook}.ipynb").ToString());
                await page.Locator(".notebook[data-editor='ready']").WaitForAsync();
                await RunAllAsync(page);
                await SeeAllOutputsAsync(page);
            }
        }
        finally
        {
            studio.Kill(entireProcessTree: true);
            await studio.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<Uri> AddressOfAsync(Process studio)
    {
        while (await studio.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Split(' ').FirstOrDefault(word => word.StartsWith("http://", StringComparison.Ordinal)) is { } address)
                return new Uri(address);
        }

        throw new InvalidOperationException(
            $"The lab ended before it was open: {await studio.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    private static async Task RunAllAsync(IPage page)
    {
        await page.ClickAsync("button[data-command=run-all]");
        await page.Locator(".kernel[data-kernel=busy]").WaitForAsync();
        await page.WaitForFunctionAsync(
            "() => document.querySelector('.kernel').dataset.kernel === 'idle' || document.querySelector('.output-error')");
        if (await page.Locator(".output-error").CountAsync() > 0) Assert.Fail(await page.Locator(".output-error").First.InnerTextAsync());
        Assert.True(await page.Locator(".outputs >> text=/^✓/").CountAsync() > 3);
    }

    // Frames open when they are about to scroll into view: each is scrolled to, and none may stay empty or report an
    // error.
    private static async Task SeeAllOutputsAsync(IPage page)
    {
        foreach (var host in await page.Locator(".frame").AllAsync())
        {
            await host.ScrollIntoViewIfNeededAsync();
            var frame = await (await host.Locator("iframe").ElementHandleAsync())!.ContentFrameAsync();
            await frame!.WaitForFunctionAsync("() => document.getElementById('output').childNodes.length > 0");
            if (await frame.Locator(".plotly-chart").CountAsync() == 0) continue;
            await frame.Locator(".plotly-chart .main-svg").First.WaitForAsync();
            Assert.True((await frame.Locator(".plotly-chart .main-svg").First.BoundingBoxAsync())!.Width > 200);
        }

        if (Environment.GetEnvironmentVariable("MNISTLAB_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(
                folder,
                $"studio-{Path.GetFileNameWithoutExtension(new Uri(page.Url).AbsolutePath)}.png"),
                FullPage = true
            });
    }
}
