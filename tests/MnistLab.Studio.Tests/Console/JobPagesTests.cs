using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using MnistLab.Training.Jobs;

namespace MnistLab.Studio.Tests.Console;

public sealed class JobPagesTests(PreparedConsole console) : IClassFixture<PreparedConsole>
{
    [Fact]
    public async Task Job_IsSubmittedFollowedAndStopped_InItsForm_AndItsPage()
    {
        var page = await console.OpenAsync("/console/jobs/new");
        await page.Locator("[data-field=job_name]").WaitForAsync();
        await ConsoleFixture.ScreenshotsAsync(page, "job-new");

        // The error of the library is shown at the field, and nothing is submitted.
        await PreparedConsole.FillAsync(page, "job_name", "no spaces");
        await page.Locator(".field .error >> text=job_name 'no spaces' is not usable").WaitForAsync();
        await PreparedConsole.FillAsync(page, "train_url", "nowhere");
        await page.Locator(".field .error >> text='nowhere' is not an object address").WaitForAsync();
        await SetAsync(page, "max_number_of_steps", "many");
        await page.Locator("[data-parameter=max_number_of_steps] .error >> text=it must be a whole number of at least 1").WaitForAsync();
        await page.ClickAsync("button[type=submit]");
        Assert.DoesNotContain(console.Lab.Jobs.All, job => job.Spec.Parameters.ContainsKey("max_number_of_steps"));
        Assert.Contains("train_mnist", await page.Locator(".snippet code").InnerTextAsync(), StringComparison.Ordinal);

        await PreparedConsole.FillAsync(page, "job_name", "followed");
        await PreparedConsole.FillAsync(page, "train_url", "s3://modelarts-example/log/followed/");
        await SetAsync(page, "max_number_of_steps", "200");
        await page.ClickAsync("button[type=submit]");
        await page.Locator(".field .error >> text=train_mnist.cs does not exist").WaitForAsync();
        await PreparedConsole.FillAsync(page, "boot_file_url", "s3://modelarts-example/codes/report.cs");
        await page.ClickAsync("[data-add-parameter]");
        await page.Locator(".parameter-row").Nth(2).Locator("input").First.FillAsync("wait");
        await page.Locator(".parameter-row").Nth(2).Locator("input").First.BlurAsync();
        await SetAsync(page, "wait", "true");
        var code = Assertions.Expect(page.Locator(".snippet code"));
        await code.ToContainTextAsync("BootFileUrl = lab.CodesUrl / \"report.cs\"");
        await code.ToContainTextAsync("[\"wait\"] = \"true\"");
        await page.ClickAsync("button[type=submit]");

        // The page follows the job; after a reload, it shows the same.
        await StudioBrowser.ArriveAsync(page, "/console/jobs/followed/V0001");
        await page.Locator("h1 [data-status=Running]").WaitForAsync();
        await page.Locator("[data-log] >> text=line 30 <b>of the log</b>").WaitForAsync();
        await page.Locator("[data-chart=Loss] polyline").First.WaitForAsync();
        await page.ReloadAsync();
        await page.Locator("[data-chart=Accuracy] polyline").First.WaitForAsync();
        await page.Locator(".progress-bar >> text=step 100 of 200").WaitForAsync();
        await page.Locator("input[type=search]").FillAsync("LINE 7");
        await page.Locator("[role=status] >> text=1 lines").WaitForAsync();
        Assert.Equal("line 7 <b>of the log</b>", await page.Locator("[data-log]").InnerTextAsync());
        await page.Locator("input[type=search]").FillAsync("");
        await page.Locator("[data-log] >> text=line 30").WaitForAsync();
        await ConsoleFixture.ScreenshotsAsync(page, "job");
        await AssertFitsAsync(page);

        await page.ClickAsync("button.danger");
        await page.ClickAsync("[data-confirm]");
        await page.Locator("h1 [data-status=Terminated]").WaitForAsync();
        await page.Locator("[data-reason] >> text=on request").WaitForAsync();
        Assert.Equal(JobStatus.Terminated, console.Lab.Jobs.Find("followed").Status);

        // There is no checkpoint to resume from, but a new version can start from the beginning.
        await page.ClickAsync("[data-action=resume]");
        await page.Locator(".notice.error >> text=has left no checkpoint").WaitForAsync();
        await page.ClickAsync("text=New version with changes");
        await page.Locator("[data-parameter=wait]").WaitForAsync();
        await Assertions.Expect(page.Locator("[data-field=job_name]")).ToHaveValueAsync("followed");
        Assert.Empty(console.Browser.Errors);
    }

    [Fact]
    public async Task Jobs_AreCompared_AndAKilledOneSaysSo_AndIsDeleted()
    {
        var (first, second) = (await SubmitAsync("compared", "0.5"), await SubmitAsync("compared", "2"));
        var killed = await SubmitAsync("killed", "1", waits: true);
        await first.WaitAsync();
        await second.WaitAsync();
        var page = await console.OpenAsync("/console/jobs");
        await page.Locator("tr", new() { HasText = "killed V0001" }).Locator("[data-status=Running]").WaitForAsync();
        await page.Locator("tr", new() { HasText = "compared V0002" }).Locator("[data-status=Completed]").WaitForAsync();
        await page.GetByLabel("Compare compared V0001").CheckAsync();
        await page.GetByLabel("Compare compared V0002").CheckAsync();
        await ConsoleFixture.ScreenshotsAsync(page, "jobs");
        await page.ClickAsync("[data-compare]");

        await page.Locator("[data-table=metrics] .best").First.WaitForAsync();
        Assert.Equal(["★ best"], await page.Locator("[data-table=metrics] tr:nth-child(2) td:nth-child(2) .best").AllInnerTextsAsync());
        Assert.Equal(["learning_rate"], await page.Locator("[data-table=different] tbody th").AllInnerTextsAsync());
        Assert.Equal(["2", "0.5"], await page.Locator("[data-table=different] tbody td").AllInnerTextsAsync());
        await Assertions.Expect(page.Locator("[data-chart='Validation accuracy'] polyline")).ToHaveCountAsync(2);
        await ConsoleFixture.ScreenshotsAsync(page, "jobs-compare");
        await AssertFitsAsync(page);

        await PreparedConsole.GoAsync(page, "/console/jobs/killed/V0001");
        await page.Locator("h1 [data-status=Running]").WaitForAsync();
        using (var worker = WorkerOf(killed)) worker.Kill();
        await page.Locator("h1 [data-status=Abnormal]").WaitForAsync();
        await page.Locator("[data-reason] >> text=the process of worker-0 is gone").WaitForAsync();
        await page.Locator("button.danger >> text=Delete").ClickAsync();
        await page.ClickAsync("[data-confirm]");
        await StudioBrowser.ArriveAsync(page, "/console/jobs");
        await page.Locator("text=compared V0001").WaitForAsync();
        Assert.DoesNotContain(console.Lab.Jobs.All, job => job.Spec.JobName == "killed");
        Assert.Empty(console.Browser.Errors);
    }

    [Fact]
    public async Task Log_IsDownloaded_ByTheUserOnly_AndNoOtherFileIs()
    {
        var job = await SubmitAsync("downloaded", "1");
        await job.WaitAsync();
        using var client = await console.Studio.EnterAsync();
        using var stranger = console.Studio.Stranger();

        using var log = await client.GetAsync("/console/jobs/downloaded/V0001/log");
        Assert.Equal("downloaded-V0001-worker-0.log", log.Content.Headers.ContentDisposition!.FileName);
        Assert.Contains(
            "line 30 <b>of the log</b>",
            await log.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal("text/plain", log.Content.Headers.ContentType!.MediaType);
        using var refused = await stranger.GetAsync("/console/jobs/downloaded/V0001/log");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        foreach (var path in new[] { "downloaded/V0002/log", "downloaded/V0001/log?worker=1", "..%2fdownloaded/V0001/log", "downloaded/..%2fV0001/log", "none/V0001/log" })
        {
            using var missing = await client.GetAsync($"/console/jobs/{path}");
            Assert.Equal(System.Net.HttpStatusCode.NotFound, missing.StatusCode);
        }
    }

    private static async Task SetAsync(IPage page, string parameter, string value)
    {
        var control = page.Locator($"[data-parameter='{parameter}'] input").Nth(1);
        await control.FillAsync(value);
        await control.BlurAsync();
    }

    private static async Task AssertFitsAsync(IPage page)
    {
        await page.SetViewportSizeAsync(390, 844);
        Assert.Equal(390, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        await page.SetViewportSizeAsync(1280, 1000);
    }

    private Task<TrainingJob> SubmitAsync(string name, string learningRate, bool waits = false) =>
        console.Lab.Jobs.SubmitAsync(new TrainingJobSpec
        {
            JobName = name,
            AppUrl = console.Lab.CodesUrl,
            BootFileUrl = console.Lab.CodesUrl / "report.cs",
            DataUrl = console.Lab.DatasetsUrl,
            TrainUrl = console.Lab.LogUrl / $"{name}/",
            Parameters = new Dictionary<string, string> { ["learning_rate"] = learningRate, ["wait"] = waits ? "true" : "false" },
        });

    private static Process WorkerOf(TrainingJob job)
    {
        var record = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(job.LogFile)!, "job.json")))!;
        return Process.GetProcessById((int)record["process_id"]!);
    }
}
