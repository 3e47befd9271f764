using System.Diagnostics;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Workspaces;
using MnistLab.Training;
using MnistLab.Training.Results;

namespace MnistLab.Studio.Tests.Console;

public sealed class ServicePagesTests(PreparedConsole console) : IClassFixture<PreparedConsole>
{
    [Fact]
    public async Task Service_IsDeployedWithTwoVersions_Asked_Changed_Killed_Stopped_AndDeleted()
    {
        await ImportTwoVersionsAsync();
        var page = await console.OpenAsync("/console/services/new?model=digits:0.0.1");
        await PreparedConsole.FillAsync(page, "Name", "gray release");
        await page.Locator(".field .error >> text='gray release' is not a service's name").WaitForAsync();
        await PreparedConsole.FillAsync(page, "Name", "gray");
        await page.Locator("[data-field=weight]").FillAsync("80");
        await page.Locator("[data-field=weight]").BlurAsync();
        await page.Locator(".weights .error >> text=The weights are 80 = 80; they have to sum to 100").WaitForAsync();
        await page.ClickAsync("[data-add-version]");
        await page.Locator("[data-field=weight]").Nth(1).WaitForAsync();
        Assert.Equal("20", await page.Locator("[data-field=weight]").Nth(1).InputValueAsync());
        Assert.Equal("digits:0.0.2", await page.Locator("[data-field=model]").Nth(1).InputValueAsync());
        await ConsoleFixture.ScreenshotsAsync(page, "service-new");
        await AssertFitsAsync(page);
        Assert.Contains("Models = [new(model1!, 80), new(model2!, 20)]", await page.Locator(".snippet code").InnerTextAsync(), StringComparison.Ordinal);
        await page.ClickAsync("button[type=submit]");

        // The deployment goes on while the page is loaded anew.
        await console.ArriveAsync(page, "**/console/services/gray");
        await page.ReloadAsync();
        await page.Locator("h1 [data-status=Running]").WaitForAsync();
        await page.Locator(".properties >> text=digits 0.0.1 (80%), digits 0.0.2 (20%)").WaitForAsync();
        await page.FrameLocator("iframe.pad").Locator("canvas").First.WaitForAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync(new Microsoft.Playwright.FilePayload
        {
            Name = "digit.png",
            MimeType = "image/png",
            Buffer = DigitImage.FromPixels(new byte[784]).ToPng(),
        });
        await page.Locator(".digit[data-label]").WaitForAsync();
        Assert.Contains("\"predicted_label\"", await page.Locator(".prediction .snippet code").InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator(".tile >> text=1").First.WaitForAsync();
        await page.Locator("[data-chart='Requests per minute'] rect").First.WaitForAsync();
        // What is no image is refused by the service, in its own words.
        await page.Locator("input[type=file]").SetInputFilesAsync(new Microsoft.Playwright.FilePayload
        {
            Name = "note.png",
            MimeType = "image/png",
            Buffer = "no image"u8.ToArray(),
        });
        await page.Locator(".prediction .snippet code >> text=error_code").WaitForAsync();
        await ConsoleFixture.ScreenshotsAsync(page, "service");
        await AssertFitsAsync(page);

        await page.ClickAsync("[data-action=change]");
        await page.Locator("[data-field=weight]").First.FillAsync("100");
        await page.Locator("[data-field=weight]").First.BlurAsync();
        await page.GetByLabel("Remove digits:0.0.2").ClickAsync();
        await page.ClickAsync("button[type=submit]");
        await page.Locator(".properties >> text=digits 0.0.1 (100%)").WaitForAsync();

        var service = (await console.Lab.Services.FindAsync("gray", TestContext.Current.CancellationToken))!;
        using (var process = Process.GetProcessById(service.ProcessId!.Value)) process.Kill();
        await page.Locator(".events >> text=It is restarted").First.WaitForAsync();

        await page.Locator("button.danger >> text=Stop").ClickAsync();
        await page.ClickAsync("[data-confirm]");
        await page.Locator("h1 [data-status=Stopped]").WaitForAsync();
        await page.Locator("button.danger >> text=Delete").ClickAsync();
        await page.ClickAsync("[data-confirm]");
        await console.ArriveAsync(page, "**/console/services");
        await page.Locator("text=There are no online services yet.").WaitForAsync();
        await ConsoleFixture.ScreenshotsAsync(page, "services");
        Assert.Null(await console.Lab.Services.FindAsync("gray", TestContext.Current.CancellationToken));
        Assert.Empty(console.Browser.Errors);
    }

    [Fact]
    public async Task Service_ThatDoesNotExist_IsSaid()
    {
        var page = await console.OpenAsync("/console/services/nobody");

        await page.Locator(".notice.error >> text=There is no service 'nobody'").WaitForAsync();
    }

    private static async Task AssertFitsAsync(Microsoft.Playwright.IPage page)
    {
        await page.SetViewportSizeAsync(390, 844);
        Assert.Equal(390, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        await page.SetViewportSizeAsync(1280, 1000);
    }

    /// <summary>Imports a model that knows nothing yet: what a service answers does not matter here.</summary>
    private async Task ImportTwoVersionsAsync()
    {
        var workspace = Workspace.Find(AppContext.BaseDirectory);
        var test = MnistDataset.Load(workspace.SampleFolder).Test.Subset([.. Enumerable.Range(0, 50)]);
        var spec = ModelPresets.Default.Find("softmax").CreateModel();
        using var network = spec.Network;
        var manifest = new TrainingManifest(
            "softmax", 0, new Dictionary<string, string>(), new Dictionary<string, string>(), 0, 0, new Dictionary<string, double>());
        var output = console.Lab.LogUrl / "untrained/";
        var code = Path.Combine(workspace.Root, "notebooks", "codes", "customize_service.cs");
        await ModelPackage.SaveAsync(console.Lab.Store, output, network, Evaluation.Of(network, test), manifest, code);
        for (var version = 1; version <= 2; version++) await console.Lab.Models.ImportAsync("digits", output);
    }
}
