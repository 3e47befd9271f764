using Microsoft.Playwright;

namespace MnistLab.Studio.Tests.Console;

public sealed class KeysPageTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private const string Secret = "a-secret-that-no-page-shows";

    [Fact]
    public async Task Key_IsAddedFromAFile_Tested_ChosenAndDeleted_AndItsSecretNeverShown()
    {
        var page = await console.OpenAsync("/console/keys");
        await page.Locator("text=There are no access keys yet").WaitForAsync();
        // No program listens at this address.
        await FillAsync(page, "endpoint", "http://127.0.0.1:1");
        await FillAsync(page, "id", "FIRSTKEY0001");
        await FillAsync(page, "secret", Secret);
        await page.ClickAsync(".new-key button[type=submit]");
        await page.Locator(".keys tr", new() { HasTextString = "…0001" }).Locator(".status.good").WaitForAsync();
        Assert.Equal("", await page.InputValueAsync("[data-field=secret]"));
        await page.Locator("p", new() { HasTextString = "Objects are stored in http://127.0.0.1:1." }).WaitForAsync();

        await page.SetInputFilesAsync("input[type=file]", new FilePayload
        {
            Name = "credentials.csv",
            MimeType = "text/csv",
            Buffer = System.Text.Encoding.UTF8.GetBytes(
                $"\uFEFFUser Name,Access Key Id,Secret Access Key\r\nana,SECONDKEY0002,{Secret}\r\n"),
        });
        await page.Locator(".new-key .hint", new() { HasTextString = "The key is read from credentials.csv" }).WaitForAsync();
        await page.ClickAsync(".new-key button[type=submit]");
        var second = page.Locator(".keys tr", new() { HasTextString = "…0002" });
        await second.Locator(".status.good").WaitForAsync();
        Assert.Equal(1, await page.Locator(".keys .status.good").CountAsync());
        await ConsoleFixture.ScreenshotsAsync(page, "console-keys");

        await page.Locator(".keys tr", new() { HasTextString = "…0001" }).GetByText("Test").ClickAsync();
        await page.Locator(
            ".notice.error",
            new() { HasTextString = "http://127.0.0.1:1 cannot be reached for the list of buckets" }).WaitForAsync();

        var file = Path.Combine(console.Studio.Settings, "access-keys.json");
        Assert.Contains(Secret, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var content = await page.ContentAsync();
        foreach (var hidden in new[] { Secret, "FIRSTKEY0001", "SECONDKEY0002" })
            Assert.DoesNotContain(hidden, content, StringComparison.Ordinal);

        await second.Locator("button.danger").ClickAsync();
        await second.Locator("[data-confirm]").ClickAsync();
        await second.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator("p", new() { HasTextString = $"Objects are stored in {console.Studio.Workspace}" }).WaitForAsync();
        Assert.DoesNotContain(
            "SECONDKEY0002",
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Empty(console.Browser.Errors);
    }

    [Fact]
    public async Task Key_WithAValueThatCannotBeRight_IsRefusedWithTheLibrarysMessage()
    {
        var page = await console.OpenAsync("/console/keys");
        await FillAsync(page, "endpoint", "ftp://127.0.0.1/");
        await FillAsync(page, "id", "KEY");
        await FillAsync(page, "secret", Secret);
        await page.ClickAsync(".new-key button[type=submit]");

        await page.Locator(
            ".new-key .message",
            new() { HasTextString = "OBS_ENDPOINT is 'ftp://127.0.0.1/', which is not an address" }).WaitForAsync();
        await page.SetInputFilesAsync("input[type=file]", new FilePayload { Name = "a.csv", MimeType = "text/csv", Buffer = [1, 2] });
        await page.Locator(".new-key .error", new() { HasTextString = "is not a credentials.csv" }).WaitForAsync();
    }

    private static async Task FillAsync(IPage page, string field, string value)
    {
        await page.FillAsync($"[data-field={field}]", value);
        await page.Locator($"[data-field={field}]").BlurAsync();
    }
}
