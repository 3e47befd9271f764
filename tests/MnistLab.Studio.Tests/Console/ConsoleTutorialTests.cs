using Microsoft.Playwright;
using MnistLab.Data.Datasets;
using MnistLab.Data.Images;
using MnistLab.Data.Workspaces;
using MnistLab.Storage.Configuration;
using MnistLab.Testing;

namespace MnistLab.Studio.Tests.Console;

/// <summary>
/// Tests the whole tutorial in the console, without a notebook, on a real S3 server that only a stored access key
/// specifies: Studio, the training job, and the online service are separate processes, all of which must find it.
/// </summary>
public sealed class ConsoleTutorialTests(RadosGateway gateway) : IClassFixture<RadosGateway>, IDisposable
{
    private const string Bucket = "modelarts-example";

    private readonly TemporaryFolder _workspace = new();
    private readonly TemporaryFolder _settings = new();
    private readonly Workspace _project = Workspace.Find(AppContext.BaseDirectory);

    public void Dispose()
    {
        _workspace.Dispose();
        _settings.Dispose();
    }

    [Fact]
    public async Task Tutorial_FromAccessKeyToPrediction_IsDoneInTheConsole()
    {
        var endpoint = gateway.Endpoint.ToString().TrimEnd('/');
        await File.WriteAllTextAsync(_workspace["MnistLab.slnx"], "<Solution />", TestContext.Current.CancellationToken);
        await using var studio = await StudioProcess.StartAsync(_workspace.Path, 0, (AccessKeys.FolderVariable, _settings.Path));
        await using var browser = await StudioBrowser.StartAsync(studio.Address);
        var page = await browser.OpenAsync("/console/keys");
        await page.Locator(".console[data-connected='true']").WaitForAsync();

        await StoreKeyAsync(page, endpoint);
        await UploadAsync(page, endpoint);
        await TrainAsync(page);
        await SeeBoardAsync(page);
        await ImportAsync(page);
        await DeployAsync(page);
        await PredictAsync(page);
        await StopAndDeleteAsync(page);

        // Everything was sent to the server, and the secret was not displayed.
        Assert.False(Directory.Exists(_workspace["artifacts/obs"]));
        Assert.DoesNotContain(RadosGateway.SecretKey, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(browser.Errors);
    }

    private static async Task StoreKeyAsync(IPage page, string endpoint)
    {
        await AddKeyAsync(page, endpoint, "not-the-secret-of-this-key");
        await page.ClickAsync(".keys button >> text=Test");
        await page.Locator(".notice.error", new() { HasTextString = "the secret does not belong to the access key" }).WaitForAsync();

        await AddKeyAsync(page, endpoint, RadosGateway.SecretKey);
        await page.ClickAsync(".keys button >> text=Test");
        await page.Locator(".notice.success", new() { HasTextString = $"accepts the key …{RadosGateway.AccessKey[^4..]}" }).WaitForAsync();
        await page.Locator("p", new() { HasTextString = $"Objects are stored in {endpoint}" }).WaitForAsync();
        await Assertions.Expect(page.Locator(".keys tbody tr")).ToHaveCountAsync(1);
    }

    private static async Task AddKeyAsync(IPage page, string endpoint, string secret)
    {
        await PreparedConsole.FillAsync(page, "endpoint", endpoint);
        await PreparedConsole.FillAsync(page, "id", RadosGateway.AccessKey);
        await PreparedConsole.FillAsync(page, "secret", secret);
        await page.ClickAsync(".new-key button[type=submit]");
        await page.Locator(".notice.success", new() { HasTextString = "was saved and is now in use" }).WaitForAsync();
    }

    private async Task UploadAsync(IPage page, string endpoint)
    {
        await page.ClickAsync(".screens-bar >> text=Object storage");
        await page.Locator("p.muted", new() { HasTextString = $"Objects are stored in {endpoint}" }).WaitForAsync();
        await page.ClickAsync("form button >> text=Create bucket");
        await StudioBrowser.ArriveAsync(page, $"/console/objects/{Bucket}/");
        await UploadAsync(page, "datasets", Directory.GetFiles(_project.SampleFolder, "*.gz"));
        await page.ClickAsync($".path a >> text={Bucket}");
        var codes = Path.Combine(_project.Root, "notebooks", "codes");
        await UploadAsync(page, "codes", [Path.Combine(codes, "train_mnist.cs"), Path.Combine(codes, "customize_service.cs")]);
        await page.ClickAsync($".path a >> text={Bucket}");
        await page.Locator(".objects tbody tr").Nth(1).WaitForAsync();
        Assert.Equal(["codes/", "datasets/"], await page.Locator(".objects tbody tr td:first-child").AllInnerTextsAsync());

        await PreparedConsole.GoAsync(page, $"/console/objects/{Bucket}/datasets/t10k-images-idx3-ubyte.gz");
        await page.Locator(".digits figure").First.WaitForAsync();
    }

    private static async Task UploadAsync(IPage page, string folder, string[] files)
    {
        await page.GetByLabel("Folder to open").FillAsync(folder);
        await page.GetByText("Open folder").ClickAsync();
        await page.Locator(".path [aria-current]", new() { HasTextString = folder }).WaitForAsync();
        await page.SetInputFilesAsync("input[type=file]", files);
        foreach (var file in files) await page.Locator(".objects a", new() { HasTextString = Path.GetFileName(file) }).First.WaitForAsync();
    }

    private static async Task TrainAsync(IPage page)
    {
        await page.ClickAsync(".screens-bar >> text=Training jobs");
        await page.ClickAsync("a.primary");
        await page.Locator("[data-parameter=max_number_of_steps]").WaitForAsync();
        var steps = page.Locator("[data-parameter=max_number_of_steps] input").Nth(1);
        await steps.FillAsync("300");
        await steps.BlurAsync();
        await page.ClickAsync("button[type=submit]");
        await StudioBrowser.ArriveAsync(page, "/console/jobs/train_mnist/V0001");
        await page.Locator("h1 [data-status=Completed]").WaitForAsync();
        await page.Locator("[data-log]", new() { HasTextString = "test accuracy:" }).WaitForAsync();
        await page.Locator("[data-chart=Accuracy] polyline").First.WaitForAsync();
    }

    private static async Task SeeBoardAsync(IPage page)
    {
        await page.ClickAsync("[data-action=board]");
        await Assertions.Expect(page.Locator("[data-field=location]")).ToHaveValueAsync($"s3://{Bucket}/log/V0001/");
        await page.ClickAsync("button[type=submit]");
        // TensorBoard if it is installed; otherwise, the event logs, drawn by Studio.
        await page.Locator("iframe.embedded, [data-chart='validation/loss'] polyline").First.WaitForAsync();
        await page.ClickAsync("[data-action=stop]");
        await page.Locator("text=No TensorBoard job is running.").WaitForAsync();
    }

    private static async Task ImportAsync(IPage page)
    {
        // A location without a model is rejected.
        await PreparedConsole.GoAsync(page, $"/console/models?from=s3%3A%2F%2F{Bucket}%2Fdatasets%2F");
        await page.Locator("[data-field=location]").WaitForAsync();
        await page.ClickAsync(".import button[type=submit]");
        await page.Locator(".import-work .message", new() { HasTextString = "There is no model/ in" }).WaitForAsync();
        await page.ClickAsync(".import-work button >> text=Dismiss");

        await PreparedConsole.GoAsync(page, "/console/jobs/train_mnist/V0001");
        await page.ClickAsync("[data-action=import]");
        await page.Locator("[data-field=output]").WaitForAsync();
        await Assertions.Expect(page.Locator("[data-field=output]")).ToHaveValueAsync($"s3://{Bucket}/log/V0001/");
        await PreparedConsole.FillAsync(page, "description", "softmax, 300 steps");
        await page.ClickAsync(".import button[type=submit]");
        var model = page.Locator(".models tr", new() { HasTextString = "softmax, 300 steps" });
        await model.Locator(".status.good").WaitForAsync();
        await ConsoleFixture.ScreenshotsAsync(page, "models");
        await model.GetByText("0.0.1").ClickAsync();
        await page.Locator("summary", new() { HasTextString = "customize_service.cs" }).WaitForAsync();
        await page.Locator("pre", new() { HasTextString = "\"model_type\"" }).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await ConsoleFixture.ScreenshotsAsync(page, "model");
    }

    private static async Task DeployAsync(IPage page)
    {
        await page.ClickAsync("a.primary");
        await page.Locator("[data-field=weight]").WaitForAsync();
        await ConsoleFixture.ScreenshotsAsync(page, "deploy");
        await Assertions.Expect(page.Locator("[data-field=model]")).ToHaveValueAsync("digits:0.0.1");
        await page.ClickAsync("button[type=submit]");
        await StudioBrowser.ArriveAsync(page, "/console/services/digits");
        await page.Locator("h1 [data-status=Running]").WaitForAsync();
        await page.Locator("[data-facts]").WaitForAsync();
        await page.Locator("[data-log]").WaitForAsync();
    }

    private async Task PredictAsync(IPage page)
    {
        var digits = MnistDataset.Load(_project.SampleFolder).Test;
        var one = Enumerable.Range(0, digits.Count).First(index => digits.Label(index) == 1);
        var image = DigitImage.FromPixels(digits.Image(one)).ToPng();
        await page.SetInputFilesAsync("[data-field=image]", new FilePayload { Name = "one.png", MimeType = "image/png", Buffer = image });
        await page.Locator("[data-label='1']").WaitForAsync();

        // A vertical stroke on the page of the service, which is embedded.
        var pad = page.FrameLocator("iframe.pad");
        await pad.Locator("#canvas").ScrollIntoViewIfNeededAsync();
        var sheet = (await pad.Locator("#canvas").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(sheet.X + (sheet.Width / 2), sheet.Y + (sheet.Height / 5));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(sheet.X + (sheet.Width / 2), sheet.Y + (sheet.Height * 4 / 5), new() { Steps = 10 });
        await page.Mouse.UpAsync();
        await pad.Locator("#digit >> text=/[0-9]/").WaitForAsync();
        await page.WaitForFunctionAsync("height => document.querySelector('iframe.pad').clientHeight >= height", await HeightAsync(pad));
        // The image and at least one request of the page, which also sends some while the stroke is drawn.
        await page.Locator("[data-facts] .tile", new() { HasTextString = "succeeded" }).Locator(".value >> text=/^([2-9]|[0-9]{2,})/").WaitForAsync();
        await ConsoleFixture.ScreenshotsAsync(page, "service");
    }

    private static Task<int> HeightAsync(IFrameLocator frame) =>
        frame.Locator("main").EvaluateAsync<int>("main => Math.ceil(main.getBoundingClientRect().bottom)");

    private async Task StopAndDeleteAsync(IPage page)
    {
        await ConfirmAsync(page, page.Locator("main .actions button.danger >> text=Stop"));
        await page.Locator("h1 [data-status=Stopped]").WaitForAsync();
        await ConfirmAsync(page, page.Locator("main .actions button.danger >> text=Delete"));
        await StudioBrowser.ArriveAsync(page, "/console/services");
        await page.Locator("text=There are no online services yet.").WaitForAsync();
        Assert.Empty(Directory.GetDirectories(_workspace["artifacts/services"]));

        await page.ClickAsync(".screens-bar >> text=Models");
        await ConfirmAsync(page, page.Locator(".models button.danger"));
        await page.Locator("text=There are no models yet.").WaitForAsync();
        await PreparedConsole.GoAsync(page, "/console/jobs/train_mnist/V0001");
        await ConfirmAsync(page, page.Locator("button.danger >> text=Delete"));
        await page.Locator("text=There are no training jobs yet.").WaitForAsync();

        await PreparedConsole.GoAsync(page, $"/console/objects/{Bucket}/");
        foreach (var folder in new[] { "codes/", "datasets/", "log/" })
        {
            var row = page.Locator(".objects tr", new() { HasTextString = folder });
            await ConfirmAsync(page, row.Locator("button.danger"));
            await row.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        }
    }

    private static async Task ConfirmAsync(IPage page, ILocator button)
    {
        await button.ClickAsync();
        await page.ClickAsync("[data-confirm]");
    }
}
