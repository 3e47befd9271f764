using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace MnistLab.Studio.Tests.Notebooks;

/// <summary>Tests what outputs can show, and what they cannot do.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task Outputs_OfAllKinds_LookAsTheyShould()
    {
        await using var studio = await RunningStudio.StartAsync(folder => NotebookFiles.Write(
            Path.Combine(folder, "a.ipynb"),
            "Console.Write(\"10 %\\r20 %\\r30 %\\n\\u001b[31mred\\u001b[0m <b>\"); Console.Error.WriteLine(\"careful\");",
            "throw new InvalidOperationException(\"it broke\");",
            "var shown = display(\"first\"); shown.Update(\"second\");",
            "\"<table><tr><th>a</th></tr></table>\".DisplayAs(\"text/html\");",
            "\"<p id='p'>before</p><script>document.getElementById('p').textContent = 'after ' + (1 + 1);</script>\".DisplayAs(\"text/html\");",
            "\"**bold** <script>alert(1)</script>\".DisplayAs(\"text/markdown\");",
            "display(Convert.FromBase64String(\"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==\"), \"image/png\");",
            "input(\"Your name?\")"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");

        foreach (var cell in new[] { "c0", "c1", "c2", "c3", "c4", "c5", "c6" }) await RunAsync(page, cell);

        Assert.Equal("30 %\nred <b>", (await page.Locator("[data-cell=c0] .stdout").InnerTextAsync()).Trim());
        Assert.Equal("red", await page.Locator("[data-cell=c0] .ansi-1").InnerTextAsync());
        Assert.Contains("careful", await page.Locator("[data-cell=c0] .stderr").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("it broke", await page.Locator("[data-cell=c1] .output-error p").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("second", (await page.Locator("[data-cell=c2] .outputs").InnerTextAsync()).Trim());
        Assert.Equal("a", (await page.Locator("[data-cell=c3] .rich table").InnerTextAsync()).Trim());
        await page.FrameLocator("[data-cell=c4] iframe").Locator("text=after 2").WaitForAsync();
        Assert.Equal("bold", await page.Locator("[data-cell=c5] strong").InnerTextAsync());
        Assert.Equal(1, await page.EvaluateAsync<int>(
            "async () => { const image = document.querySelector('[data-cell=c6] img'); await image.decode(); return image.naturalWidth; }"));
        await page.Locator("[data-cell=c7] .run").ClickAsync();
        await page.Locator("[data-cell=c7] .question input").FillAsync("Ada");
        await page.Locator("[data-cell=c7] .question button").ClickAsync();
        await page.Locator("[data-cell=c7] .outputs >> text=Ada").WaitForAsync();
        await StudioBrowser.ScreenshotAsync(page, "outputs");
        await page.ClickAsync("[data-theme-switch]");
        Assert.Equal("rgb(20, 23, 28)", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        await page.FrameLocator("[data-cell=c4] iframe").Locator("html.dark").WaitForAsync();
        await StudioBrowser.ScreenshotAsync(page, "outputs-dark");
    }

    [Fact]
    public async Task Output_WithScripts_CannotActAsTheUser()
    {
        const string Attack = """
            <div id="result">trying</div>
            <script>
            (async () => {
                const results = [];
                const attempt = async (name, action) => { try { await action(); results.push(name + ": done"); } catch { results.push(name + ": refused"); } };
                await attempt("parent", () => parent.document.title);
                await attempt("cookies", () => { if (!document.cookie) throw new Error(); });
                await attempt("own page", async () => { const answer = await fetch("/files"); if (!answer.ok) throw new Error(); });
                await attempt("fetch", async () => { const answer = await fetch("ROOT/files"); if (!answer.ok) throw new Error(); });
                await attempt("post", async () => { const answer = await fetch("ROOT/_blazor/negotiate?negotiateVersion=1", { method: "POST", credentials: "include" }); if (!answer.ok) throw new Error(); });
                await attempt("socket", () => new Promise((done, failed) => { const socket = new WebSocket("SOCKET/_blazor"); socket.onopen = done; socket.onerror = failed; }));
                await attempt("top", () => { top.location.href = "about:blank"; });
                await attempt("frame", () => new Promise((done, failed) => { const frame = document.createElement("iframe"); frame.src = "ROOT/"; frame.onload = () => { try { frame.contentDocument.title.length ? done() : failed(); } catch { failed(); } }; frame.onerror = failed; document.body.append(frame); setTimeout(failed, 2000); }));
                document.getElementById("result").textContent = "result " + results.filter(result => result.endsWith("done")).join();
            })();
            </script>
            """;
        await using var studio = await RunningStudio.StartAsync(folder => NotebookFiles.Write(
            Path.Combine(folder, "a.ipynb"), "System.IO.File.ReadAllText(\"attack.html\").DisplayAs(\"text/html\");"));
        var root = studio.Application.Root.GetLeftPart(UriPartial.Authority);
        await File.WriteAllTextAsync(studio.File("attack.html"), Attack.Replace("ROOT", root, StringComparison.Ordinal).Replace(
            "SOCKET",
            root.Replace("http", "ws", StringComparison.Ordinal),
            StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");

        await RunAsync(page, "c0");

        var result = page.FrameLocator("[data-cell=c0] iframe").Locator("text=/^result/");
        await result.WaitForAsync();
        Assert.Equal("result", (await result.InnerTextAsync()).Trim());
        Assert.Contains("/notebook/a.ipynb", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_OfANotebookFromElsewhere_RunsNoScriptUntilItIsTrusted()
    {
        const string Html =
            "<p id='p'>before</p><script>document.getElementById('p').textContent = 'after';</script><img src='x' onerror=\"document.getElementById('p').textContent = 'after'\">";
        await using var studio = await RunningStudio.StartAsync(folder =>
        {
            var file = Path.Combine(folder, "a.ipynb");
            NotebookFiles.Write(file, "1", "md:<img src=x onerror='document.title=1'><script>document.title = 'attacked'</script> text");
            var json = JsonNode.Parse(File.ReadAllText(file))!;
            json["cells"]![0]!["outputs"] = new JsonArray(new JsonObject
            {
                ["output_type"] = "display_data",
                ["metadata"] = new JsonObject(),
                ["data"] = new JsonObject { ["text/html"] = Html }
            });
            File.WriteAllText(file, json.ToJsonString());
        });
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");
        await page.FrameLocator("iframe").Locator("text=before").WaitForAsync();

        Assert.Equal("a.ipynb · MnistLab", await page.TitleAsync());
        Assert.Equal("before", await page.FrameLocator("iframe").Locator("#p").InnerTextAsync());
        await StudioBrowser.ScreenshotAsync(page, "distrusted");
        await page.ClickAsync(".trust");
        await page.FrameLocator("iframe").Locator("text=after").WaitForAsync();
        await page.Locator(".trust").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [Fact]
    public async Task Library_OfOneOutput_ServesTheOthers()
    {
        await using var studio = await RunningStudio.StartAsync(folder => NotebookFiles.Write(
            Path.Combine(folder, "a.ipynb"),
            "$\"<script>window.shared = () => 'from the library'; // {new string('x', 500_000)}\\n</script>\".DisplayAs(\"text/html\");",
            "\"<p id='p'></p><script>document.getElementById('p').textContent = shared();</script>\".DisplayAs(\"text/html\");"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");

        await page.ClickAsync("button[data-command=run-all]");

        await page.FrameLocator("[data-cell=c1] iframe").Locator("text=from the library").WaitForAsync();
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task Text_OfManyLinesOrLongOnes_IsFolded_AndComesWhole()
    {
        await using var studio = await RunningStudio.StartAsync(folder => NotebookFiles.Write(
            Path.Combine(folder, "a.ipynb"),
            "for (var i = 0; i < 10_000; i++) Console.WriteLine($\"line {i}\");",
            "new string('x', 300_000).DisplayAs(\"text/plain\");",
            "Console.WriteLine(new string('y', 10_000));"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenNotebookAsync("a.ipynb");

        await RunAsync(page, "c0");

        await page.Locator(".stream >> text=line 9999").WaitForAsync();
        var shown = (await page.Locator(".stream").InnerTextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1000, shown.Length);
        Assert.Equal("line 9000", shown[0]);
        using var client = await studio.EnterAsync();
        Assert.Equal(10_000, (await WholeAsync("c0")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        // A few long lines are as much as many short ones.
        await RunAsync(page, "c1");
        await RunAsync(page, "c2");
        Assert.Equal(200_000, (await page.Locator("[data-cell=c1] .plain").InnerTextAsync()).Length);
        Assert.Equal(300_000, (await WholeAsync("c1")).Length);
        Assert.Equal($"{new string('y', 4000)}…", (await page.Locator("[data-cell=c2] .stream").InnerTextAsync()).Trim());
        Assert.Equal(10_000, (await WholeAsync("c2")).Trim().Length);

        async Task<string> WholeAsync(string cell) => await client.GetStringAsync(
            await page.Locator($"[data-cell={cell}] .folded a").GetAttributeAsync("href"), TestContext.Current.CancellationToken);
    }

    private static async Task RunAsync(IPage page, string cell)
    {
        await page.Locator($"[data-cell={cell}] .run").ClickAsync();
        await page.Locator($"[data-cell={cell}][data-state=idle] .count >> text=/[0-9]/").WaitForAsync();
    }
}
