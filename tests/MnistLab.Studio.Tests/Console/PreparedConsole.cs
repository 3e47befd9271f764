using Microsoft.Playwright;
using MnistLab.Data.Workspaces;
using MnistLab.Notebooks;
using MnistLab.Storage;

namespace MnistLab.Studio.Tests.Console;

/// <summary>
/// Represents a lab and a browser that the tests of a class share, with the sample and short boot files in the bucket.
/// </summary>
public sealed class PreparedConsole : IAsyncLifetime
{
    /// <summary>
    /// A boot file that reports metrics immediately, and then waits to be stopped if its parameter <c>wait</c> says so.
    /// </summary>
    public const string BootFile =
        """
        var arguments = new MnistLab.Training.Jobs.JobArguments(args);
        var rate = arguments.Number("learning_rate", 1);
        using (var metrics = new MnistLab.Training.Metrics.MetricsLog(arguments.Text("log_dir", "")))
        {
            for (var step = 10; step <= 100; step += 10)
            {
                Dictionary<string, double> At(double x) => new() { ["loss"] = 2 / (1 + (rate * x)), ["accuracy"] = 1 - (1 / (1 + (rate * x))) };
                metrics.Write(new MnistLab.Training.Metrics.StepReport(step, At(step), 1000));
                if (step % 50 == 0) metrics.Write(new MnistLab.Training.Metrics.StepReport(step, At(step - 5)));
            }
        }

        for (var line = 1; line <= 30; line++) Console.WriteLine($"line {line} <b>of the log</b>");
        if (!arguments.Flag("wait", false)) return;
        MnistLab.Training.JobEnvironment.Stopping.WaitHandle.WaitOne();
        MnistLab.Training.JobEnvironment.Stopping.ThrowIfCancellationRequested();
        """;

    private readonly ConsoleFixture _console = new();

    internal RunningStudio Studio => _console.Studio;

    internal StudioBrowser Browser => _console.Browser;

    /// <summary>Gets the lab, as a notebook in the same workspace would open it.</summary>
    internal Lab Lab { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _console.InitializeAsync();
        // Workers find their workspace by its marker.
        await File.WriteAllTextAsync(Studio.File("MnistLab.slnx"), "<Solution />");
        Lab = Lab.Open(Workspace.At(Studio.Workspace));
        await Lab.Store.CreateBucketAsync(Lab.BucketName);
        await Lab.Store.UploadFolderAsync(Workspace.Find(AppContext.BaseDirectory).SampleFolder, Lab.DatasetsUrl);
        await Lab.Store.PutTextAsync(Lab.CodesUrl / "report.cs", BootFile);
    }

    /// <summary>Opens a screen, whose address may have a query, and waits until it is connected.</summary>
    public async Task<IPage> OpenAsync(string path)
    {
        var page = await _console.OpenAsync("/console");
        await GoAsync(page, path);
        return page;
    }

    /// <summary>Navigates to the address of a screen, and waits until it is connected.</summary>
    public static async Task GoAsync(IPage page, string path)
    {
        await page.GotoAsync(new Uri(new Uri(page.Url), path).ToString());
        await page.Locator(".console[data-connected='true']").WaitForAsync();
    }

    /// <summary>Fills in a field, and lets the page validate it.</summary>
    public static async Task FillAsync(IPage page, string field, string value)
    {
        var control = page.Locator($"[data-field='{field}']");
        await control.FillAsync(value);
        await control.BlurAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var job in Lab?.Jobs.All ?? []) await job.StopAsync();
        await _console.DisposeAsync();
    }
}
