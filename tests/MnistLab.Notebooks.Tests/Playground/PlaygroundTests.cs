using System.Globalization;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.Playwright;
using MnistLab.BrowserTesting;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using static Microsoft.Playwright.Assertions;

namespace MnistLab.Notebooks.Tests;

/// <summary>
/// Tests the playground in a real browser, as a reader uses it. If MNISTLAB_SCREENSHOTS names a folder, screenshots are
/// saved there.
/// </summary>
public sealed class PlaygroundTests : IClassFixture<HeadlessChromium>, IAsyncDisposable
{
    private static readonly TrainValidationSplit Sets =
        TrainValidationSplit.Split(MnistDataset.Load(Workspace.Find().SampleFolder).Train);

    private readonly HeadlessChromium _chromium;

    public PlaygroundTests(HeadlessChromium chromium)
    {
        _chromium = chromium;
        Lab.Open();
    }

    public ValueTask DisposeAsync() => _chromium.ClosePagesAsync();

    [Fact]
    public async Task Gradient_OfABatch_IsThatOfSmallDifferences()
    {
        var page = await OpenAsync("<p></p>");

        var largest = await page.EvaluateAsync<double[]>($$"""
            () => {
              {{Script("softmax.js")}}
              const random = createRandom(7), weights = createWeights(), count = 5;
              for (let i = 0; i < weights.length; i++) weights[i] = random() - 0.5;
              const pixels = Float64Array.from({ length: count * PIXELS }, () => Math.max(0, random() - 0.7));
              const set = { pixels, labels: [3, 1, 4, 1, 5], count }, batch = [0, 2, 3, 4];
              const { gradient } = lossAndGradient(weights, set, batch);
              let [difference, size] = [0, 0];
              for (let i = 0; i < weights.length; i += 13) {
                const [old, by] = [weights[i], 1e-5];
                weights[i] = old + by;
                const above = lossAndGradient(weights, set, batch).loss;
                weights[i] = old - by;
                const below = lossAndGradient(weights, set, batch).loss;
                weights[i] = old;
                difference = Math.max(difference, Math.abs((above - below) / (2 * by) - gradient[i]));
                size = Math.max(size, Math.abs(gradient[i]));
              }
              return [difference, size];
            }
            """);

        Assert.InRange(largest[1], 0.01, 10);
        Assert.InRange(largest[0], 0, 1e-8);
    }

    [Fact]
    public async Task Run_ThenReset_LearnsTheHeldOutDigitsAndBeginsAnew()
    {
        var page = await OpenAsync(Html());
        await Expect(Part(page, "heldOutAccuracy")).ToHaveTextAsync("10.0%");
        await Expect(Part(page, "answer")).ToHaveTextAsync("Nothing drawn yet");

        await TrainAsync(page);

        Assert.InRange(await NumberAsync(page, "accuracy"), 80, 100);
        Assert.InRange(await NumberAsync(page, "loss"), 0, await NumberAsync(page, "heldOutLoss"));
        Assert.True(await page.EvaluateAsync<int>(
            "() => document.querySelector('[data-mnistlab-playground]').shadowRoot.querySelector('[data-name=lossCurve] .held').getAttribute('points').split(' ').length") > 5);
        Assert.True(await InkedAsync(page) > 1000);
        await ScreenshotAsync(page, "wide");

        await Part(page, "reset").ClickAsync();
        await Expect(Part(page, "steps")).ToHaveTextAsync("0");
        await Expect(Part(page, "heldOutAccuracy")).ToHaveTextAsync("10.0%");
        await Expect(Part(page, "loss")).ToHaveTextAsync("2.303");
        Assert.Equal(0, await InkedAsync(page));
        await Expect(page.Locator("[data-name=lossCurve] .before")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Step_AfterAReset_RepeatsTheSameRun()
    {
        var page = await OpenAsync(Html());
        async Task<string> StepsAsync()
        {
            for (var i = 0; i < 5; i++) await Part(page, "step").ClickAsync();
            return await page.Locator("table.numbers").InnerTextAsync();
        }

        var first = await StepsAsync();
        await Part(page, "reset").ClickAsync();

        Assert.Equal(first, await StepsAsync());
        Assert.Contains("5", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sliders_ByKeyboard_ChangeTheRun()
    {
        var page = await OpenAsync(Html());
        await Part(page, "step").ClickAsync();

        await Part(page, "learningRate").PressAsync("End");
        await Part(page, "batchSize").PressAsync("Home");
        await Part(page, "images").PressAsync("Home");

        await Expect(Part(page, "learningRateValue")).ToHaveTextAsync("10");
        await Expect(Part(page, "batchSizeValue")).ToHaveTextAsync("1");
        await Expect(Part(page, "imagesValue")).ToHaveTextAsync("10");
        // Different images start a new run.
        await Expect(Part(page, "steps")).ToHaveTextAsync("0");
        await Expect(Part(page, "status")).ToHaveTextAsync("Training restarts with other images");
        // Ten images are soon learned by heart, and teach little about the others.
        for (var i = 0; i < 40; i++) await Part(page, "step").ClickAsync();
        Assert.True(await NumberAsync(page, "accuracy") > await NumberAsync(page, "heldOutAccuracy") + 10);
    }

    [Fact]
    public async Task Draw_AOne_WithTheMouseATouchAndTheKeyboard_IsAOne()
    {
        var page = await OpenAsync(Html(), touch: true);
        await TrainAsync(page);
        var box = (await Part(page, "pad").BoundingBoxAsync())!;
        var middle = box.X + (box.Width / 2);

        await page.Mouse.MoveAsync(middle, box.Y + (box.Height * 0.2f));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(middle, box.Y + (box.Height * 0.8f), new() { Steps = 8 });
        await page.Mouse.UpAsync();
        await Expect(Part(page, "answer")).ToHaveTextAsync("Prediction: 1");
        await ScreenshotAsync(page, "drawn");

        await Part(page, "clear").ClickAsync();
        await Expect(Part(page, "answer")).ToHaveTextAsync("Nothing drawn yet");
        await page.Touchscreen.TapAsync(middle, box.Y + (box.Height / 2));
        await Expect(Part(page, "answer")).ToContainTextAsync("Prediction: ");

        await Part(page, "clear").ClickAsync();
        await Part(page, "pad").FocusAsync();
        for (var i = 0; i < 3; i++) await page.Keyboard.PressAsync("Shift+ArrowUp");
        await page.Keyboard.PressAsync("Space");
        for (var i = 0; i < 6; i++) await page.Keyboard.PressAsync("Shift+ArrowDown");
        await Expect(Part(page, "answer")).ToHaveTextAsync("Prediction: 1");
    }

    [Fact]
    public async Task Example_OfTheHeldOutDigits_IsShownWithItsLabel()
    {
        var page = await OpenAsync(Html());
        await TrainAsync(page);
        var right = 0;
        for (var i = 0; i < 20; i++)
        {
            await Part(page, "example").ClickAsync();
            var words = (await Part(page, "answer").InnerTextAsync()).Trim(')').Split(' ');
            Assert.Equal(["Prediction:", "(label"], [words[0], words[2]]);
            if (words[1] == words[3]) right++;
        }

        Assert.InRange(right, 10, 20);
    }

    [Fact]
    public async Task TwoOnAPage_AmongStylesOfItsOwn_DoNotDisturbEachOther()
    {
        var page = await OpenAsync(
            $"<style>button, canvas, table {{ display: none !important }} * {{ color: red }}</style>{Html()}{Html()}");

        for (var i = 0; i < 3; i++) await Part(page, "step").Nth(1).ClickAsync();

        await Expect(Part(page, "steps").Nth(0)).ToHaveTextAsync("0");
        await Expect(Part(page, "steps").Nth(1)).ToHaveTextAsync("3");
        Assert.Equal(
            "rgb(24, 32, 43)",
            await page.Locator(".card h2").First.EvaluateAsync<string>("element => getComputedStyle(element).color"));
        // The scripts leave nothing behind in the page.
        Assert.Equal("undefined", await page.EvaluateAsync<string>(
            "() => typeof Playground + typeof Pad === 'undefinedundefined' ? 'undefined' : 'leaked'"));
    }

    [Fact]
    public async Task Open_OnAPhoneInTheDarkInChinese_FitsAndIsReadable()
    {
        var page = await OpenAsync(
            Playground.From(Sets.Train, Sets.Validation, "zh").ToDisplayString(HtmlFormatter.MimeType),
            width: 390,
            dark: true,
            touch: true);
        await Part(page, "step").ClickAsync();

        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        await Expect(page.Locator(".card h2")).ToHaveTextAsync("在浏览器里训练 softmax 回归");
        Assert.Equal(
            "rgb(25, 32, 42)",
            await page.Locator(".card").EvaluateAsync<string>("element => getComputedStyle(element).backgroundColor"));
        await ScreenshotAsync(page, "phone-dark");
        await Part(page, "language").ClickAsync();
        await Expect(page.Locator(".card h2")).ToHaveTextAsync("Softmax regression, trained in your browser");
        await Expect(Part(page, "steps")).ToHaveTextAsync("1");
    }

    // A notebook in Visual Studio Code sets the output as inner HTML and creates its scripts again; its policy, if it
    // is enabled, allows nothing else.
    [Fact]
    public async Task Open_AsInVisualStudioCode_Runs()
    {
        const string policy =
            "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; connect-src https:";
        var page = await OpenAsync("<div id=output></div>", head: $"<meta http-equiv=Content-Security-Policy content=\"{policy}\">");
        await page.EvaluateAsync("""
            html => {
              output.innerHTML = html;
              for (const script of output.querySelectorAll("script"))
                script.replaceWith(Object.assign(document.createElement("script"), { text: script.text }));
            }
            """, Html());
        await Part(page, "step").ClickAsync();
        await Expect(Part(page, "steps")).ToHaveTextAsync("1");
    }

    [Fact]
    public async Task Controls_AllOfThem_HaveNames_InBothLanguages()
    {
        foreach (var language in new[] { "en", "zh" })
        {
            var page = await OpenAsync(Playground.From(Sets.Train, Sets.Validation, language).ToDisplayString(HtmlFormatter.MimeType));
            await Expect(Part(page, "run")).ToBeVisibleAsync();
            Assert.Empty(await page.EvaluateAsync<string[]>("""
                () => [...document.querySelector('[data-mnistlab-playground]').shadowRoot.querySelectorAll('button, input, canvas, svg, [data-text]')]
                  .filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.[0]?.textContent.trim()) || e.textContent === 'undefined')
                  .map(e => e.outerHTML)
                """));
        }
    }

    private static string Html() => Playground.From(Sets.Train, Sets.Validation).ToDisplayString(HtmlFormatter.MimeType);

    private static string Script(string name)
    {
        using var reader = new StreamReader(typeof(Playground).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static ILocator Part(IPage page, string name) => page.Locator($"[data-name={name}]");

    private static async Task<double> NumberAsync(IPage page, string name) =>
        double.Parse((await Part(page, name).InnerTextAsync()).TrimEnd('%'), CultureInfo.InvariantCulture);

    private static async Task TrainAsync(IPage page)
    {
        await Part(page, "run").ClickAsync();
        await page.WaitForFunctionAsync(
            "() => parseFloat(document.querySelector('[data-mnistlab-playground]').shadowRoot.querySelector('[data-name=heldOutAccuracy]').textContent) > 82");
        await Part(page, "run").ClickAsync();
        await Expect(Part(page, "run")).ToHaveTextAsync("Run");
        Assert.InRange(await NumberAsync(page, "heldOutAccuracy"), 80, 100);
    }

    // Returns the number of pixels in the images of the weights whose color is not that of zero.
    private static Task<int> InkedAsync(IPage page) => page.EvaluateAsync<int>("""
        () => [...document.querySelector('[data-mnistlab-playground]').shadowRoot.querySelectorAll('.images canvas')]
          .map(canvas => canvas.getContext('2d').getImageData(0, 0, 28, 28).data)
          .reduce((sum, data) => sum + [...data].filter((value, i) => i % 4 !== 3 && value !== 255).length, 0)
        """);

    private static async Task ScreenshotAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MNISTLAB_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"playground-{name}.png"), FullPage = true });
    }

    private async Task<IPage> OpenAsync(string html, int width = 1100, string head = "", bool dark = false, bool touch = false)
    {
        var page = await _chromium.NewPageAsync(
            new() { ViewportSize = new() { Width = width, Height = 900 }, HasTouch = touch, Locale = "en-US" });
        // No error may occur, and nothing may be loaded from the network.
        page.PageError += (_, error) => throw new InvalidOperationException(error);
        page.Request += (_, request) => Assert.Fail(request.Url);
        var colors = dark ? "color: #eee; background: #111" : "color: #111; background: #fff";
        await page.SetContentAsync(
            $"<!doctype html><html lang=\"en\"><head><meta name=viewport content=\"width=device-width\">{head}</head><body style=\"{colors}\">{html}</body></html>");
        return page;
    }
}
