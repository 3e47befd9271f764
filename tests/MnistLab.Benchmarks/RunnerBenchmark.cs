using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MnistLab.EndToEnd;
using MnistLab.Hosting;
using MnistLab.Testing;

namespace MnistLab.Benchmarks;

/// <summary>
/// Compares the headless runner as users install it, including its report, with <c>jupyter nbconvert --execute</c> on
/// the same notebook and kernel; and the course executed by <c>nbconvert</c> on this kernel with the same on the kernel
/// of .NET Interactive.
/// </summary>
internal static class RunnerBenchmark
{
    private const string Runner = "run NOTEBOOK against nbconvert --execute: time";
    private const string Course = "the four notebooks, with shorter training, by nbconvert: time";
    private const int Rounds = 5;

    private static readonly string[] Notebooks = ["1-prepare", "2-train", "3-deploy", "4-predict"];

    public static async Task RunAsync(Report report)
    {
        if (InstalledProgram.Find("jupyter-nbconvert") is not { } nbconvert)
        {
            foreach (var what in new[] { Runner, Course })
                report.Skip(what, "jupyter-nbconvert is not installed (.ci/run installs it)");
            return;
        }

        using var kernels = await BenchmarkedKernels.InstallAsync();
        await RunnerAsync(report, kernels, nbconvert);
        if (BenchmarkedKernels.HavePeer(report, Course)) await CourseAsync(report, kernels, nbconvert);
    }

    private static async Task RunnerAsync(Report report, BenchmarkedKernels kernels, string nbconvert)
    {
        await using var workspace = new CopiedWorkspace();
        workspace.Variables["JUPYTER_DATA_DIR"] = kernels.OursData;
        var notebook = workspace.PathOf("notebook.ipynb");
        await File.WriteAllTextAsync(notebook, Notebook().ToJsonString());
        report.AtMost(
            Runner,
            await Comparison.OfTimesAsync(
                () => RunAsync(workspace, kernels, notebook),
                () => ExecuteAsync(workspace, nbconvert, notebook),
                Rounds),
            0.45);
    }

    private static async Task CourseAsync(Report report, BenchmarkedKernels kernels, string nbconvert)
    {
        await using var ours = new CopiedWorkspace();
        await using var peer = new CopiedWorkspace();
        // Training takes the same time in both kernels.
        foreach (var workspace in new[] { ours, peer }) workspace.ShortenTraining();
        ours.Variables["JUPYTER_DATA_DIR"] = kernels.OursData;
        peer.Variables["JUPYTER_DATA_DIR"] = kernels.PeersData;
        var (oursTime, peerTime) = (0.0, 0.0);
        foreach (var name in Notebooks)
        {
            oursTime += await TimeAsync(ours);
            peerTime += await TimeAsync(peer);

            Task<double> TimeAsync(CopiedWorkspace workspace) => BenchmarkedKernels.TimeAsync(
                () => ExecuteAsync(workspace, nbconvert, workspace.NotebookPath($"{name}.ipynb")));
        }

        report.AtMost(Course, new Comparison(oursTime, peerTime, "ms"), 1);
    }

    // The program of the installed kernel is also the runner.
    private static Task RunAsync(CopiedWorkspace workspace, BenchmarkedKernels kernels, string notebook) =>
        RunAsync(workspace, DotnetHost.Path, "exec", kernels.OursProgram, "run", notebook, "--output", workspace.PathOf("ours"));

    private static Task ExecuteAsync(CopiedWorkspace workspace, string nbconvert, string notebook)
    {
        string[] options = ["--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=300", "--output-dir"];
        return RunAsync(workspace, nbconvert, [.. options, workspace.PathOf("executed"), notebook]);
    }

    private static async Task RunAsync(CopiedWorkspace workspace, string program, params string[] arguments)
    {
        using var process = Process.Start(workspace.StartInfo(null, program, arguments))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Check(program, (process.ExitCode, await output, await error));
    }

    private static void Check(string program, (int ExitCode, string Output, string Error) ended)
    {
        if (ended.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed: {ended.Output}{ended.Error}");
    }

    // Typical cells: a calculation, a type, a table, and some text.
    private static JsonObject Notebook() => new()
    {
        ["cells"] = new JsonArray([.. Enumerable.Range(0, 20).Select(i => Cell((i % 4) switch
        {
            0 => string.Create(
                CultureInfo.InvariantCulture,
                $"var numbers{i} = Enumerable.Range(0, 100).Select(n => n * {i}).ToList();\nnumbers{i}.Sum()"),
            1 => string.Create(
                CultureInfo.InvariantCulture,
                $"record Point{i}(int X, int Y);\nnew[] {{ new Point{i}(1, 2), new Point{i}(3, 4) }}"),
            2 => string.Create(
                CultureInfo.InvariantCulture,
                $"foreach (var i in Enumerable.Range(0, 10)) Console.WriteLine($\"line {{i}} of {i}\");"),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"await Task.Yield();\ndisplay(new Dictionary<string, int> {{ [\"a\"] = {i} }});"),
        }))]),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject
            {
                ["display_name"] = ".NET (C#)",
                ["language"] = "C#",
                ["name"] = ".net-csharp"
            }
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    };

    private static JsonNode Cell(string source) => new JsonObject
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["id"] = Guid.NewGuid().ToString("N"),
        ["metadata"] = new JsonObject(),
        ["outputs"] = new JsonArray(),
        ["source"] = source,
    };
}
