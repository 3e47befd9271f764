using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MnistLab.Data;
using MnistLab.Testing;

namespace MnistLab.Benchmarks;

/// <summary>The headless runner, as a command with its report, against <c>jupyter nbconvert --execute</c> with the same notebook and the same kernel.</summary>
internal static class RunnerBenchmark
{
    private const string What = "run NOTEBOOK against nbconvert --execute: time";

    private static readonly string Command = Path.Combine(AppContext.BaseDirectory, "mnistlab.dll");

    public static async Task RunAsync(Report report)
    {
        if (InstalledProgram.Find("jupyter-nbconvert") is not { } nbconvert)
        {
            report.Skip(What, "jupyter-nbconvert is not installed (.ci/run installs it)");
            return;
        }

        using var folder = new TemporaryFolder();
        CopyWorkspace(folder);
        var notebook = folder["notebook.ipynb"];
        await File.WriteAllTextAsync(notebook, Notebook().ToJsonString());
        var prefix = folder["prefix"];
        await RunProcessAsync(folder, "dotnet", Command, "kernel", "install", "--prefix", prefix);
        report.AtMost(
            What,
            await Comparison.OfTimesAsync(
                () => RunProcessAsync(folder, "dotnet", Command, "run", notebook, "--output", folder["ours"]),
                () => RunProcessAsync(folder, nbconvert, "--to", "notebook", "--execute", notebook, "--output-dir", folder["peer"]),
                5),
            0.55);
    }

    // Cells as people write them: a calculation, a type, a table, some text.
    private static JsonObject Notebook() => new()
    {
        ["cells"] = new JsonArray([.. Enumerable.Range(0, 20).Select(i => Cell((i % 4) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"var numbers{i} = Enumerable.Range(0, 100).Select(n => n * {i}).ToList();\nnumbers{i}.Sum()"),
            1 => string.Create(CultureInfo.InvariantCulture, $"record Point{i}(int X, int Y);\nnew[] {{ new Point{i}(1, 2), new Point{i}(3, 4) }}"),
            2 => string.Create(CultureInfo.InvariantCulture, $"foreach (var i in Enumerable.Range(0, 10)) Console.WriteLine($\"line {{i}} of {i}\");"),
            _ => string.Create(CultureInfo.InvariantCulture, $"await Task.Yield();\ndisplay(new Dictionary<string, int> {{ [\"a\"] = {i} }});"),
        }))]),
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" } },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    };

    private static void CopyWorkspace(TemporaryFolder folder)
    {
        var source = Workspace.Find();
        File.Copy(Path.Combine(source.Root, "MnistLab.slnx"), folder["MnistLab.slnx"]);
        var sample = Directory.CreateDirectory(folder[Path.GetRelativePath(source.Root, source.SampleFolder)]).FullName;
        foreach (var file in Directory.GetFiles(source.SampleFolder)) File.Copy(file, Path.Combine(sample, Path.GetFileName(file)));
    }

    private static JsonNode Cell(string source) => new JsonObject
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["id"] = Guid.NewGuid().ToString("N"),
        ["metadata"] = new JsonObject(),
        ["outputs"] = new JsonArray(),
        ["source"] = source,
    };

    private static async Task RunProcessAsync(TemporaryFolder folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["JUPYTER_PATH"] = folder["prefix/share/jupyter"];
        // The runner's command looks for the dataset first, and is not to look for it in the network.
        start.Environment["MNISTLAB_HOME"] = folder.Path;
        start.Environment["MNIST_DIR"] = "";
        start.Environment["MNIST_MIRRORS"] = "none";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {await output}{await errors}");
    }
}
