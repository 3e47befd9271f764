using System.Diagnostics;
using MnistLab.Course;
using MnistLab.Data.Workspaces;
using MnistLab.Serving.Deployment;
using MnistLab.Storage;
using MnistLab.Storage.Configuration;
using MnistLab.Storage.Folders;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>
/// Represents the separate workspace of one test: the notebooks and the sample, with its own store, jobs, and services.
/// </summary>
public sealed class CopiedWorkspace : IAsyncDisposable
{
    // The code is the same in both editions.
    private static readonly (string Full, string Shorter)[] TrainingRuns =
    [
        ("learningRate: 0.003)", "learningRate: 0.003, maxNumberOfSteps: 60)"),
        ("learningRate: 0.003, augmentation: 1)", "learningRate: 0.003, augmentation: 1, maxNumberOfSteps: 60)"),
        ("new long[] { 0, 1, 2 }", "new long[] { 0, 1 }"),
        ("var imagesPerRun = 50_000;", "var imagesPerRun = 10_000;"),
        ("maxNumberOfSteps: 300, logEveryNSteps: 20", "maxNumberOfSteps: 200, logEveryNSteps: 20"),
        ("maxNumberOfSteps: 400, evaluateEveryNSteps: 100", "maxNumberOfSteps: 200, evaluateEveryNSteps: 100"),
        ("""[\"0.0001\", \"0.001\", \"0.005\", \"0.02\"]""", """[\"0.001\", \"0.02\"]"""),
        ("""[\"24\", \"96\", \"240\"]""", """[\"96\"]"""),
        ("new Dictionary<string, string>(),", """new Dictionary<string, string> { [\"max_number_of_steps\"] = \"60\" },"""),
        ("maxNumberOfSteps: 100, seed: seed", "maxNumberOfSteps: 20, seed: seed"),
    ];

    private readonly TemporaryFolder _folder = new();

    public CopiedWorkspace()
    {
        var source = Workspace.Find().Root;
        File.Copy(Path.Combine(source, "MnistLab.slnx"), _folder["MnistLab.slnx"]);
        foreach (var name in new[] { "notebooks", "notebooks/codes", "notebooks/zh", "data-scripts/sample" })
        {
            var target = Directory.CreateDirectory(_folder[name]).FullName;
            foreach (var file in Directory.GetFiles(Path.Combine(source, name)))
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        Directory.CreateDirectory(_folder["artifacts"]);
        Directory.CreateSymbolicLink(_folder[Path.Combine("artifacts", "lib")], Path.Combine(source, "artifacts", "lib"));
    }

    public string Folder => _folder.Path;

    public string Report => _folder[Path.Combine("artifacts", "reports", "report.html")];

    public IObjectStore Store => new FolderObjectStore(_folder[Path.Combine("artifacts", "obs")]);

    public OnlineServices Services => new(_folder[Path.Combine("artifacts", "services")]);

    public string Executed(string notebook) => File.ReadAllText(_folder[Path.Combine("artifacts", "reports", notebook)]);

    public string PathOf(string name) => _folder[name];

    public IReadOnlyList<string> ExecutedNotebooks =>
        [.. Directory.GetFiles(_folder[Path.Combine("artifacts", "reports")], "*.ipynb").Order(StringComparer.Ordinal)];

    public string InFolder(string name) => _folder[name];

    public string NotebookPath(string name) => _folder[Path.Combine("notebooks", name)];

    /// <summary>
    /// Makes each notebook check, at its end, the claims of its texts, and run the answers to its exercises.
    /// </summary>
    /// <param name="isMnist">Whether the notebooks will run on the full MNIST.</param>
    public void Examine(bool isMnist)
    {
        foreach (var notebook in Course.Notebooks) Examination.Prepare(CourseNotebook.Read(notebook), isMnist).Save(notebook);
    }

    /// <summary>
    /// Shortens the longest training runs of notebook 2, and its search to two of the twelve trials, in both
    /// editions, for tests of how the course runs and is displayed, rather than of its results.
    /// </summary>
    public void ShortenTraining()
    {
        foreach (var edition in new[] { "", "zh" })
        {
            var file = NotebookPath(Path.Combine(edition, "2-train.ipynb"));
            var text = File.ReadAllText(file);
            foreach (var (full, shorter) in TrainingRuns)
            {
                if (!text.Contains(full, StringComparison.Ordinal))
                    throw new InvalidOperationException($"{file} has no '{full}' to shorten.");
                text = text.Replace(full, shorter, StringComparison.Ordinal);
            }

            File.WriteAllText(file, text);
        }
    }

    public CourseFolder Course => new(_folder["notebooks"]);

    /// <summary>Gets additional environment variables of the command.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Returns the contents of all files in the folder of the reports, as text.</summary>
    public string Reports => string.Concat(Directory
        .GetFiles(_folder[Path.Combine("artifacts", "reports")], "*", SearchOption.AllDirectories)
        .Select(File.ReadAllText));

    /// <summary>Runs the command <c>mnistlab</c> in this workspace, without downloads.</summary>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(string? mnistFolder, params string[] arguments)
    {
        using var process = Start(mnistFolder, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts the command <c>mnistlab</c> in this workspace, without downloads.</summary>
    public Process Start(string? mnistFolder, params string[] arguments)
    {
        var host = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
        return Process.Start(StartInfo(mnistFolder, host, [Path.Combine(AppContext.BaseDirectory, "mnistlab.dll"), .. arguments]))!;
    }

    /// <summary>Returns the start information of a program in this workspace.</summary>
    public ProcessStartInfo StartInfo(string? mnistFolder, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MNISTLAB_HOME"] = _folder.Path;
        start.Environment["MNIST_DIR"] = mnistFolder ?? "";
        start.Environment["MNIST_MIRRORS"] = "none";
        start.Environment["MNISTLAB_CACHE"] = _folder["cache"];
        // Without the access keys of the user.
        start.Environment[AccessKeys.FolderVariable] = _folder["settings"];
        // The cluster of another test, which runs in this process, ends with that test.
        start.Environment.Remove(SingleNodeSlurm.ConfigurationVariable);
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        return start;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in await Services.ListAsync()) await service.StopAsync();
        // The library itself is linked, and is kept.
        Directory.Delete(_folder[Path.Combine("artifacts", "lib")]);
        _folder.Dispose();
    }
}
