using Microsoft.Playwright;
using MnistLab.Serving.Requests;
using static Microsoft.Playwright.Assertions;

namespace MnistLab.Serving.Tests;

/// <content>Tests the drawing pad, which a page of this machine, such as a notebook, shows in a frame.</content>
public sealed partial class PageTests
{
    [Fact]
    public async Task Pad_InAPageOfThisMachine_DrawsAndTellsItsHeight()
    {
        var page = await OpenFramedAsync(new Uri(_service.Url, "?pad"), "localhost");
        var pad = page.FrameLocator("iframe");

        await pad.Locator("button[aria-label='Example of a 3']").ClickAsync();

        await Expect(pad.Locator("#digit")).ToHaveTextAsync("3");
        await Expect(pad.Locator("#headline")).ToContainTextAsync("digits 0.0.1");
        foreach (var hidden in new[] { "#facts", "#curl", "#events", "footer", "h1" }) await Expect(pad.Locator(hidden)).ToBeHiddenAsync();
        await page.WaitForFunctionAsync("() => heights.at(-1) > 200");
        await ScreenshotAsync(page, "pad");
    }

    [Fact]
    public async Task Pad_InAChineseNotebook_SpeaksChinese()
    {
        var page = await OpenFramedAsync(new Uri(_service.Url, "?pad&lang=zh"), "localhost");
        var pad = page.FrameLocator("iframe");

        await pad.Locator("button[aria-label='示例：3']").ClickAsync();

        await Expect(pad.Locator("#message")).ToHaveTextAsync("服务的预测是 3。");
        await Expect(pad.Locator("#latency")).ToContainTextAsync("毫秒");
        await Expect(pad.Locator("#undo")).ToHaveTextAsync("撤销");
    }

    [Theory]
    [InlineData("evil.example", "?pad")]
    // A name that only resembles that of this machine.
    [InlineData("localhost.evil.example", "?pad")]
    // The whole page, with its form for the token, must not be framed.
    [InlineData("localhost", "")]
    public async Task Framed_ByAnotherPage_IsRefusedByTheBrowser(string framer, string query)
    {
        var page = await OpenFramedAsync(new Uri(_service.Url, query), framer);

        await page.WaitForFunctionAsync("() => isLoaded");
        await Expect(page.FrameLocator("iframe").Locator("#canvas")).ToHaveCountAsync(0);
        Assert.Equal(0, await page.EvaluateAsync<int>("() => heights.length"));
    }

    [Fact]
    public async Task Pad_OfAServiceWithAToken_AsksForNone()
    {
        await using var guarded = await RunningApplication.StartAsync(model.Package, new AccessSettings(Token: Token));
        var page = await OpenFramedAsync(new Uri(guarded.Url, "?pad"), "localhost");
        var pad = page.FrameLocator("iframe");

        await Expect(pad.Locator("#headline")).ToHaveTextAsync("requires a token; enter it on the service's own page");
        await Expect(pad.Locator("#token")).ToBeHiddenAsync();
        await Expect(pad.Locator("#whole")).ToHaveAttributeAsync("href", $"{guarded.Url}");
    }

    /// <summary>
    /// Opens a page of this machine, under a name that the browser is configured to resolve, with a page of the service
    /// in a frame.
    /// </summary>
    private async Task<IPage> OpenFramedAsync(Uri framed, string host)
    {
        _framer = await FramingPage.StartAsync(framed);
        var page = await chromium.NewPageAsync(new() { ViewportSize = new() { Width = 760, Height = 700 } });
        await page.GotoAsync($"http://{host}:{_framer.Port}/");
        return page;
    }
}
