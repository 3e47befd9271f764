using System.Diagnostics;
using System.Text.RegularExpressions;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Installation;
using MnistLab.Kernel.Reports;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

/// <summary>
/// Tests published packages that contain extensions: Plotly.NET.Interactive and Microsoft.Data.Analysis.
/// </summary>
public sealed partial class ChartTests
{
    private static readonly string[] Cells =
    [
        """
        #r "nuget: Plotly.NET.Interactive, 6.0.0"
        #r "nuget: Plotly.NET.CSharp, 0.14.0"
        using Plotly.NET;
        using Chart = Plotly.NET.CSharp.Chart;
        """,
        "var one = Chart.Line<int, int, string>(x: new[] { 1, 2, 3 }, y: new[] { 3, 1, 2 });\none",
        "display(one);\n// A chart like any other.\nChart.Point<int, int, string>(x: new[] { 1, 2 }, y: new[] { 3, 1 })",
    ];

    [Fact]
    public async Task Charts_InTheRunnerAndItsReport_AreDrawnWithoutANetwork()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("charts.ipynb", Cells);
        var results = await NotebookBatch
            .Open([folder.Path], folder["out"], TimeProvider.System)
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(Assert.Single(results).Succeeded, results[0].Failure?.ToString());
        var executed = NotebookDocument.Read(results[0].Executed);
        AssertOffline(await File.ReadAllTextAsync(results[0].Executed, TestContext.Current.CancellationToken));
        HtmlReport.Write(folder["report.html"], "charts", [executed]);
        await AssertDrawnAsync(folder["report.html"]);
    }

    [Fact]
    public async Task Charts_InJupyter_AreDrawnWithoutANetwork()
    {
        var nbconvert = InstalledProgram.Require("jupyter-nbconvert");
        using var folder = new TemporaryFolder();
        new KernelInstallation(new(name => name == "JUPYTER_DATA_DIR" ? folder["jupyter"] : null))
            .Install(KernelInstallation.DefaultName, KernelInstallation.DefaultDisplayName);
        var notebook = folder.WriteNotebook("charts.ipynb", Cells);
        string[] arguments =
        [
            "--to", "html", "--execute", $"--ExecutePreprocessor.kernel_name={KernelInstallation.DefaultName}",
            "--output-dir", folder["out"], notebook,
        ];
        var start = new ProcessStartInfo(nbconvert, arguments) { RedirectStandardError = true };
        start.Environment["JUPYTER_DATA_DIR"] = folder["jupyter"];
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, error);
        await AssertDrawnAsync(Path.Combine(folder["out"], "charts.html"));
    }

    [Fact]
    public async Task Library_IsDisplayedByTheCellThatNamesThePackage_EachTimeThatItRuns()
    {
        using var session = new Session();
        foreach (var cell in new[] { Cells[0], Cells[1], Cells[0] }) await session.RunAsync(cell);
        Assert.Equal(2, session.Outputs.OfType<DisplayOutput>().Count(IsLibrary));

        var value = (await session.TryAsync("one")).Value!;
        Assert.Equal("a chart", value["text/plain"]!.GetValue<string>());
        Assert.InRange(value["text/html"]!.GetValue<string>().Length, 500, 20_000);
    }

    [Fact]
    public async Task DataFrame_WithItsPackagesExtension_IsATableLikeAllOthers()
    {
        using var session = new Session();
        await session.RunAsync("#r \"nuget: Microsoft.Data.Analysis, 0.23.1\"\nusing Microsoft.Data.Analysis;");
        var shown = (await session.TryAsync("new DataFrame(new Int32DataFrameColumn(\"digit\", new[] { 7 }))")).Value!;
        Assert.Equal(
            "<table><thead><tr><th>index</th><th>digit</th></tr></thead><tbody><tr><td>0</td><td>7</td></tr></tbody></table>",
            shown["text/html"]!.GetValue<string>());
        Assert.DoesNotContain(session.Outputs, output => output is StreamOutput { Name: StreamName.Stderr });
    }

    private static bool IsLibrary(DisplayOutput output) =>
        output.Data.TryGetText("text/html", out var html) && html.Contains("if(!window.Plotly)", StringComparison.Ordinal);

    private static void AssertOffline(string executed)
    {
        Assert.Equal(1, CountOf(executed, "if(!window.Plotly)"));
        // plotly.js itself contains addresses, but the page must not load it from one.
        Assert.DoesNotContain("https://cdn.plot.ly/plotly-2", executed, StringComparison.Ordinal);
        Assert.DoesNotContain("require.min.js", executed, StringComparison.Ordinal);
    }

    private static async Task AssertDrawnAsync(string page)
    {
        var chromium = InstalledProgram.Require("chromium");
        using var profile = new TemporaryFolder();
        // No program listens at the address of the proxy, so the page cannot load anything.
        string[] flags =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--proxy-server=127.0.0.1:9", $"--user-data-dir={profile.Path}",
            "--virtual-time-budget=20000", "--dump-dom", page,
        ];
        using var process = Process.Start(
            new ProcessStartInfo(chromium, flags) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (dom, errors) = (process.StandardOutput.ReadToEndAsync(
            TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await errors;
        Assert.Equal(3, DrawnChart.Count(await dom));
    }

    private static int CountOf(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex("class=\"plotly-chart js-plotly-plot\"")]
    private static partial Regex DrawnChart { get; }
}
