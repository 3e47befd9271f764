using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MnistLab.BrowserTesting;
using MnistLab.Data.Images;
using MnistLab.Serving.Requests;
using MnistLab.Testing;
using static Microsoft.Playwright.Assertions;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Tests the page in a real browser, as a visitor uses it. If MNISTLAB_SCREENSHOTS names a folder, screenshots of the
/// page are saved there.
/// </summary>
public sealed partial class PageTests(FastModel model, HeadlessChromium chromium) : IClassFixture<HeadlessChromium>, IAsyncLifetime
{
    private const string Token = "a-token-of-the-test-0123";

    private RunningApplication _service = null!;
    private FramingPage? _framer;

    public async ValueTask InitializeAsync()
    {
        await chromium.StartAsync();
        _service = await RunningApplication.StartAsync(model.Package);
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.ClosePagesAsync();
        if (_framer is not null) await _framer.DisposeAsync();
        if (_service is not null) await _service.DisposeAsync();
    }

    [Fact]
    public async Task Draw_ASeven_WithTheMouse_IsASeven_AndCanBeUndoneAndCleared()
    {
        var page = await OpenAsync();

        await DrawAsync(page, (0.3f, 0.2f), (0.7f, 0.2f), (0.6f, 0.5f), (0.45f, 0.85f));

        await Expect(page.Locator("#digit")).ToHaveTextAsync("7");
        await Expect(page.Locator("#scores tr")).ToHaveCountAsync(5);
        await Expect(page.Locator("#scores tr.best th")).ToHaveTextAsync("7");
        await Expect(page.Locator("#latency")).ToHaveTextAsync(new Regex(@"^Response time: [\d.]+ ms\.$"));
        await Expect(page.Locator("#facts")).ToContainTextAsync("digits 0.0.1");
        await Expect(page.Locator("#events li").First).ToBeVisibleAsync();
        await ScreenshotAsync(page, "wide");
        await page.ClickAsync("#undo");
        await Expect(page.Locator("#message")).ToHaveTextAsync("No request sent yet.");
        await Expect(page.Locator("#hint")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Draw_OnAPhoneInTheDark_IsReadable_AndNothingIsWiderThanTheScreen()
    {
        var page = await OpenAsync(width: 390, height: 844, dark: true, touch: true);

        await page.ClickAsync("button[aria-label='Example of a 3']");

        await Expect(page.Locator("#digit")).ToHaveTextAsync("3");
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        Assert.Equal("rgb(16, 21, 27)", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        await ScreenshotAsync(page, "phone-dark");
        var light = await OpenAsync(width: 390, height: 844);
        await Expect(light.Locator("#facts")).ToContainTextAsync("running");
        await ScreenshotAsync(light, "phone");
    }

    [Fact]
    public async Task UploadPasteAndDrop_PicturesOfDigits_AreRead()
    {
        var page = await OpenAsync();
        var index = Enumerable.Range(0, 100).First(i => RunningApplication.Label(i) == 4);
        var file = RunningApplication.Png(index);

        await page.SetInputFilesAsync("#file", new FilePayload { Name = "four.png", MimeType = "image/png", Buffer = file });
        await Expect(page.Locator("#digit")).ToHaveTextAsync("4");
        await page.ClickAsync("#clear");
        await Expect(page.Locator("#digit")).ToHaveTextAsync("–");

        foreach (var (target, type, member) in new[] { ("document", "paste", "clipboardData"), ("document.getElementById('sheet')", "drop", "dataTransfer") })
        {
            await page.EvaluateAsync(
                $$"""
                base64 => {
                  const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0)), data = new DataTransfer();
                  data.items.add(new File([bytes], "digit.png", { type: "image/png" }));
                  const event = new Event("{{type}}", { bubbles: true, cancelable: true });
                  Object.defineProperty(event, "{{member}}", { value: data });
                  {{target}}.dispatchEvent(event);
                }
                """,
                Convert.ToBase64String(file));
            await Expect(page.Locator("#digit")).ToHaveTextAsync("4");
            await page.ClickAsync("#clear");
            await Expect(page.Locator("#digit")).ToHaveTextAsync("–");
        }

        await page.SetInputFilesAsync(
            "#file", new FilePayload { Name = "note.txt", MimeType = "text/plain", Buffer = "hello"u8.ToArray() });
        await Expect(page.Locator("#message")).ToContainTextAsync("not an image");
    }

    [Fact]
    public async Task Keyboard_Alone_DrawsADigitAndReachesEverything()
    {
        var page = await OpenAsync();
        await page.FocusAsync("#canvas");

        // Moves from the middle to the top, lowers the pen, and draws a line to the bottom: a one.
        for (var i = 0; i < 4; i++) await page.Keyboard.PressAsync("Shift+ArrowUp");
        await page.Keyboard.PressAsync("Space");
        for (var i = 0; i < 8; i++) await page.Keyboard.PressAsync("Shift+ArrowDown");

        await Expect(page.Locator("#digit")).ToHaveTextAsync("1");
        var reached = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>(
                "() => document.activeElement.id || document.activeElement.getAttribute('aria-label') || document.activeElement.dataset.copy || document.activeElement.textContent"));
        }

        Assert.Superset(new HashSet<string>
        {
            "undo",
            "clear",
            "file",
            "save",
            "Example of a 0",
            "Example of a 9",
            "curl",
            "csharp"
        }, reached);
        Assert.Empty(await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('button, input, canvas, svg, section')].filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length)).map(e => e.outerHTML)"));
    }

    [Fact]
    public async Task Examples_OfAllDigits_AreMostlyRead_AndTheirCodeIsShown()
    {
        var page = await OpenAsync();
        var right = 0;
        for (var digit = 0; digit <= 9; digit++)
        {
            await page.ClickAsync("#clear:enabled, #clear", new() { Force = true });
            await page.ClickAsync($"button[aria-label='Example of a {digit}']");
            await Expect(page.Locator("#message")).ToHaveTextAsync(new Regex(@"The service predicts \d\."));
            if (await page.Locator("#digit").TextContentAsync() == $"{digit}") right++;
        }

        Assert.InRange(right, 9, 10);
        await Expect(page.Locator("#curl")).ToHaveTextAsync($"curl --noproxy \"*\" -F images=@digit.png {_service.Url}");
        await Expect(page.Locator("#csharp")).ToContainTextAsync("MultipartFormDataContent");
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#save"));
        Assert.Equal("digit.png", download.SuggestedFilename);
        Assert.NotEmpty(DigitImage.Decode(await File.ReadAllBytesAsync(await download.PathAsync())).Pixels.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Open_BelowThePathOfAProxy_WorksThere(string end)
    {
        await using var proxy = await PrefixProxy.StartAsync(_service.Url, "/lab/digits");
        var page = await OpenAsync(new Uri($"{proxy.Url}".TrimEnd('/') + end));

        await Expect(page.Locator("#facts")).ToContainTextAsync("digits 0.0.1");
        await page.ClickAsync("button[aria-label='Example of a 3']");

        await Expect(page.Locator("#digit")).ToHaveTextAsync("3");
        await Expect(page.Locator("#curl")).ToHaveTextAsync($"curl --noproxy \"*\" -F images=@digit.png {proxy.Url}");
        await Expect(page.Locator("#csharp")).ToContainTextAsync($"http.PostAsync(\"{proxy.Url}\", form)");
        await Expect(page.Locator("#facts")).ToContainTextAsync($"{proxy.Url}");
        var links = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('a')].map(link => link.href)");
        Assert.Equal([$"{proxy.Url}", $"{proxy.Url}openapi.json", $"{proxy.Url}metrics", $"{proxy.Url}health/ready"], links);
        using var http = LoopbackHttp.CreateClient();
        foreach (var link in links) Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(link))).StatusCode);
        // A program that reads the description also finds the addresses.
        var description = JsonNode.Parse(await http.GetStringAsync(new Uri(links[1])))!;
        var models = new Uri(new Uri(links[1]), $"{description["servers"]![0]!["url"]}/v1/models");
        Assert.Contains("digits", await http.GetStringAsync(models), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AServiceWithAToken_AsksForIt()
    {
        await using var guarded = await RunningApplication.StartAsync(model.Package, new AccessSettings(Token: Token));
        var page = await OpenAsync(guarded.Url);
        await Expect(page.Locator("#locked")).ToBeVisibleAsync();
        Assert.DoesNotContain("digits", await page.Locator("#facts").TextContentAsync() ?? "", StringComparison.Ordinal);

        await page.FillAsync("#token", "something else");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#rejected")).ToHaveTextAsync("The token was rejected.");
        await page.FillAsync("#token", Token);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator("#locked")).ToBeHiddenAsync();
        await page.ClickAsync("button[aria-label='Example of a 0']");
        await Expect(page.Locator("#digit")).ToHaveTextAsync("0");
        await Expect(page.Locator("#curl")).ToContainTextAsync("X-Auth-Token: $TOKEN");
    }

    private static async Task DrawAsync(IPage page, params (float X, float Y)[] points)
    {
        var box = (await page.Locator("#canvas").BoundingBoxAsync())!;
        for (var i = 0; i < points.Length; i++)
        {
            await page.Mouse.MoveAsync(box.X + (points[i].X * box.Width), box.Y + (points[i].Y * box.Height), new() { Steps = 4 });
            if (i == 0) await page.Mouse.DownAsync();
        }

        await page.Mouse.UpAsync();
    }

    private static async Task ScreenshotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MNISTLAB_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"page-{name}.png"), FullPage = true });
    }

    private async Task<IPage> OpenAsync(Uri? url = null, int width = 1280, int height = 1000, bool dark = false, bool touch = false)
    {
        var page = await chromium.NewPageAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            HasTouch = touch,
            AcceptDownloads = true
        });
        // No error may occur, and nothing may be loaded from elsewhere.
        page.PageError += (_, error) => throw new InvalidOperationException(error);
        var origin = (url ?? _service.Url).ToString();
        page.Request += (_, request) => Assert.True(request.Url.StartsWith(origin, StringComparison.Ordinal)
            || request.Url.StartsWith("data:", StringComparison.Ordinal)
            || request.Url.StartsWith("blob:", StringComparison.Ordinal), request.Url);
        await page.GotoAsync(origin);
        return page;
    }
}
