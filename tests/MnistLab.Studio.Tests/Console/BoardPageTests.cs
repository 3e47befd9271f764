using MnistLab.Data.Images;
using MnistLab.Storage;
using MnistLab.Testing;
using MnistLab.Training.EventLog;

namespace MnistLab.Studio.Tests.Console;

public sealed class BoardPageTests(PreparedConsole console) : IClassFixture<PreparedConsole>
{
    [Fact]
    public async Task Board_WithoutTensorBoard_DrawsTheEventLogs_FollowsThem_AndIsStopped()
    {
        Assert.SkipWhen(IsTensorBoardInstalled(), "TensorBoard is installed: the page shows it instead.");
        using var folder = new TemporaryFolder();
        using (var log = new EventLogWriter(folder["V0001/run"], TimeProvider.System))
        {
            for (var step = 1; step <= 5; step++) log.Scalar("loss", 1.0 / step, step);
            log.Histogram("weights", [0.1f, 0.2f, 0.2f, 0.4f], 5);
            log.Image("wrong digits", DigitImage.FromPixels(new byte[784]).ToPng(), 28, 28, 5);
            log.Text("note", "| a | b |\n|---|---|\n| <script>alert(1)</script> | 2 |", 5);
        }

        await console.Lab.Store.UploadFolderAsync(folder.Path, console.Lab.LogUrl / "board/");
        var page = await console.OpenAsync("/console/tensorboard?location=nowhere");
        await page.ClickAsync("button[type=submit]");
        await page.Locator(".field .error >> text='nowhere' is not an object address").WaitForAsync();
        await PreparedConsole.FillAsync(page, "location", "s3://modelarts-example/log/board/");
        await page.ClickAsync("button[type=submit]");

        await page.Locator("[data-board=scalars] [data-chart=loss] polyline").WaitForAsync();
        await page.Locator(".notice >> text=pip install tensorboard").WaitForAsync();
        Assert.True(await page.Locator("[data-board=histograms] rect").CountAsync() > 1);
        Assert.Equal(1, await page.Locator("[data-board=images] img").CountAsync());
        Assert.Equal("<script>alert(1)</script>", await page.Locator(".markdown td").First.InnerTextAsync());
        await ConsoleFixture.ScreenshotsAsync(page, "tensorboard");
        await page.SetViewportSizeAsync(390, 844);
        Assert.Equal(390, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));

        // A second run that starts to log meanwhile appears beside the first.
        using (var second = new TemporaryFolder())
        {
            using (var log = new EventLogWriter(second["V0002/run"], TimeProvider.System)) log.Scalar("loss", 3, 1);
            await console.Lab.Store.UploadFolderAsync(second.Path, console.Lab.LogUrl / "board/");
        }

        await page.Locator("[data-chart=loss] .legend >> text=V0002/run").WaitForAsync();
        await page.ReloadAsync();
        await page.Locator("[data-chart=loss] .legend >> text=V0002/run").WaitForAsync();
        await page.ClickAsync("[data-action=stop]");
        await page.Locator("text=No TensorBoard job is running.").WaitForAsync();
        Assert.Empty(console.Browser.Errors);
    }

    private static bool IsTensorBoardInstalled() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "tensorboard")));
}
