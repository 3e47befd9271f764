using Microsoft.Playwright;
using MnistLab.Data.Workspaces;
using MnistLab.Notebooks;
using MnistLab.Storage;

namespace MnistLab.Studio.Tests.Console;

public sealed class ModelPagesTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [Fact]
    public async Task Model_IsImportedFromAStore_AndAFolder_Shown_Described_AndDeletedAfterConfirmation()
    {
        var lab = Lab.Open(Workspace.At(console.Studio.Workspace));
        await lab.Store.CreateBucketAsync(Lab.BucketName, TestContext.Current.CancellationToken);
        await UntrainedModel.SaveAsync(lab, lab.LogUrl / "V0001/");
        await lab.Store.DownloadFolderAsync(lab.LogUrl / "V0001/", console.Studio.File("trained"), null, TestContext.Current.CancellationToken);

        var page = await console.OpenAsync($"/console/models?from={Uri.EscapeDataString($"{lab.LogUrl}V0001/")}");
        await Expect(page, ".models + *, .scroll + .muted", "There is no model yet");
        await FillAsync(page, "description", "the first");
        Assert.Contains("new ModelImportOptions { Description = \"the first\" }", await NotebookSnippet.RequireAsync(page), StringComparison.Ordinal);
        await page.ClickAsync(".import button[type=submit]");
        await page.Locator(".models tr", new() { HasTextString = "0.0.1" }).Locator("[data-status=Published]").WaitForAsync();

        await page.SelectOptionAsync("[data-field=output]", "");
        await FillAsync(page, "location", "trained");
        await FillAsync(page, "version", "1.0");
        Assert.Contains("UploadFolderAsync", await NotebookSnippet.RequireAsync(page), StringComparison.Ordinal);
        await page.ClickAsync(".import button[type=submit]");
        await Expect(page, ".field .error", "'1.0' is not a version");
        await FillAsync(page, "version", "1.0.0");
        await page.ClickAsync(".import button[type=submit]");
        await page.Locator(".models tr", new() { HasTextString = "1.0.0" }).Locator("[data-status=Published]").WaitForAsync();
        await ConsoleFixture.ScreenshotsAsync(page, "console-models");

        await page.ClickAsync(".models a >> text=0.0.1");
        await page.Locator(".properties", new() { HasTextString = "softmax_digits" }).WaitForAsync();
        Assert.Contains("CustomService", await page.InnerTextAsync("details pre"), StringComparison.Ordinal);
        Assert.Contains("0 1 2 3 4 5 6 7 8 9", await page.InnerTextAsync(".properties"), StringComparison.Ordinal);
        Assert.Equal($"{lab.LogUrl}V0001/", await page.Locator(".properties a").First.InnerTextAsync());
        await FillAsync(page, "description", "still the first");
        await page.ClickAsync("form button[type=submit]");
        await page.Locator(".notice.success").WaitForAsync();
        Assert.Equal("still the first", (await lab.Models.GetAsync("digits", new(0, 0, 1), TestContext.Current.CancellationToken))!.Description);
        await NotebookSnippet.RequireAsync(page);
        await ConsoleFixture.ScreenshotsAsync(page, "console-model");

        await page.ClickAsync(".actions button.danger");
        await page.ClickAsync("[data-confirm]");
        await page.WaitForURLAsync("**/console/models");
        await page.Locator(".models tr", new() { HasTextString = "1.0.0" }).WaitForAsync();
        Assert.Equal("1.0.0", $"{Assert.Single(await lab.Models.ListAsync(TestContext.Current.CancellationToken)).Version}");
        Assert.Empty(console.Browser.Errors);
    }

    [Theory]
    [InlineData("digits", "s3://modelarts-example/nothing/", "There is nothing at s3://modelarts-example/nothing/")]
    [InlineData("not a name", "s3://modelarts-example/nothing/", "'not a name' is not a model's name")]
    public async Task Import_OfNoModel_ShowsTheLibrarysError_UntilItIsDismissed(string name, string location, string expected)
    {
        Directory.CreateDirectory(console.Studio.File("artifacts/obs/modelarts-example"));
        var page = await console.OpenAsync($"/console/models?from={location}");
        await FillAsync(page, "name", name);
        await page.ClickAsync(".import button[type=submit]");

        await Expect(page, ".import-work .message", expected);
        await page.ClickAsync(".import-work button");
        await page.Locator(".import-work").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    [Theory]
    [InlineData("../outside", "lies outside the workspace")]
    [InlineData("missing", "There is no folder 'missing'")]
    [InlineData("s3://UPPER/x", "is no bucket name")]
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
