namespace MnistLab.Studio.Tests.Console;

public sealed class ConsolePageTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [Fact]
    public async Task Console_NamesItsSixScreensInTheOrderOfTheTutorial()
    {
        var page = await console.OpenAsync("/console");

        string[] screens = ["Access keys", "Object storage", "Training jobs", "TensorBoard", "Models", "Online services"];
        Assert.Equal(screens, await page.Locator(".screens-bar a").AllInnerTextsAsync());
        Assert.Equal(screens, await page.Locator(".screens h2 a").AllInnerTextsAsync());
        await ConsoleFixture.ScreenshotsAsync(page, "console");
        Assert.Empty(console.Browser.Errors);
    }

    [Fact]
    public async Task Console_OnAPhone_IsNotWiderThanTheScreen()
    {
        var page = await console.OpenAsync("/console", new() { ViewportSize = new() { Width = 390, Height = 844 }, Locale = "zh-CN" });

        Assert.Equal("控制台", await page.InnerTextAsync("h1"));
        Assert.Equal(390, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }
}
