using System.Text.Json.Nodes;
using Microsoft.Playwright;
using MnistLab.Testing;
using static Microsoft.Playwright.Assertions;

namespace MnistLab.Serving.Tests;

/// <content>Tests the page of a model whose labels are not digits.</content>
public sealed partial class PageTests
{
    [Fact]
    public async Task Page_OfAModelWithOtherLabels_ShowsThem_AndDoesNotSpeakOfDigits()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(model.Package)) File.Copy(file, folder[Path.GetFileName(file)]);
        var config = JsonNode.Parse(await File.ReadAllTextAsync(folder["config.json"]))!;
        var labels = Enumerable.Range(0, 10).Select(i => JsonValue.Create($"Shirt of type {i}"));
        config["labels"] = new JsonArray([.. labels]);
        await File.WriteAllTextAsync(folder["config.json"], config.ToJsonString());
        await using var service = await RunningApplication.StartAsync(folder.Path);
        var page = await OpenAsync(service.Url, width: 390, height: 844);
        var index = Enumerable.Range(0, 100).First(i => RunningApplication.Label(i) == 4);

        await page.SetInputFilesAsync(
            "#file",
            new FilePayload { Name = "shirt.png", MimeType = "image/png", Buffer = RunningApplication.Png(index) });

        await Expect(page.Locator("#digit")).ToHaveTextAsync("Shirt of type 4");
        await Expect(page.Locator("#scores tr.best th")).ToHaveTextAsync("Shirt of type 4");
        await Expect(page.Locator("#examples")).ToBeHiddenAsync();
        await Expect(page.Locator("main")).Not.ToContainTextAsync("Which digit");
        await Expect(page.Locator("main")).Not.ToContainTextAsync("Draw a digit");
        await Expect(page.Locator("#caption")).ToHaveTextAsync("The most probable classes");
        await Expect(page.Locator("#curl")).ToContainTextAsync("images=@image.png");
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        await ScreenshotAsync(page, "labels");
    }
}
