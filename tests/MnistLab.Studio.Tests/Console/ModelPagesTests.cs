using Microsoft.Playwright;

namespace MnistLab.Studio.Tests.Console;

public sealed class ModelPagesTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [Theory]
    [InlineData("../outside", "is outside the workspace")]
    [InlineData("missing", "There is no folder 'missing'")]
    [InlineData("s3://UPPER/x", "is not a valid bucket name")]
    [InlineData("", "Enter a location.")]
    public async Task Import_FromNowhere_IsRefusedInTheForm(string location, string expected)
    {
        var page = await console.OpenAsync("/console/models");
        await FillAsync(page, "location", location);
        await page.ClickAsync(".import button[type=submit]");

        await Expect(page, ".import .error", expected);
    }

    private static async Task FillAsync(IPage page, string field, string value)
    {
        await page.FillAsync($"[data-field={field}]", value);
        await page.Locator($"[data-field={field}]").BlurAsync();
    }

    private static Task Expect(IPage page, string selector, string text) =>
        page.Locator(selector, new() { HasTextString = text }).First.WaitForAsync();
}
