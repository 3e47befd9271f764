using System.Collections.Concurrent;
using System.Diagnostics;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Installation;
using MnistLab.Testing;

[assembly: AssemblyFixture(typeof(MnistLab.EndToEnd.ExecutedNotebooks))]

namespace MnistLab.EndToEnd;

/// <summary>
/// Executes on each kernel, in one workspace, the English course and then the Chinese one, on the sample and with
/// shorter training runs, and the portability corpus. Each is executed once and shared by all tests. <c>nbconvert</c>
/// continues after a failed cell.
/// </summary>
public sealed class ExecutedNotebooks : IAsyncDisposable
{
    private const string CellTimeout = "--ExecutePreprocessor.timeout=300";
    private const string Kept = "var cleanUp = false;";

    private readonly Dictionary<JupyterKernelKind, CopiedWorkspace> _workspaces =
        Enum.GetValues<JupyterKernelKind>().ToDictionary(kernel => kernel, _ => new CopiedWorkspace());

    private readonly ConcurrentDictionary<JupyterKernelKind, Lazy<Task>> _installations = new();
    private readonly ConcurrentDictionary<JupyterKernelKind, Lazy<Task<ExecutedNotebook[]>>> _courses = new();
    private readonly ConcurrentDictionary<JupyterKernelKind, Lazy<Task<ExecutedNotebook[]>>> _chineseCourses = new();
    private readonly ConcurrentDictionary<JupyterKernelKind, Lazy<Task<ExecutedNotebook>>> _corpora = new();

    /// <summary>Gets the names of the notebooks of the course, in order, without extensions.</summary>
    public static IReadOnlyList<string> Course { get; } = ["1-prepare", "2-train", "3-deploy", "4-predict"];

    /// <summary>Returns the workspace that a kernel runs in.</summary>
    public CopiedWorkspace WorkspaceOf(JupyterKernelKind kernel) => _workspaces[kernel];

    /// <summary>Returns the executed English course, with the exercises solved.</summary>
    public Task<ExecutedNotebook[]> CourseAsync(JupyterKernelKind kernel) =>
        _courses.GetOrAdd(kernel, _ => new(() => ExecuteCourseAsync(kernel))).Value;

    /// <summary>
    /// Returns the executed Chinese course, with the exercises unsolved and with the cleanup at the end. On this
    /// kernel, the command <c>run</c> executes it, with the outputs that <c>nbconvert</c> gives, as
    /// <see cref="JupyterTests"/> shows.
    /// </summary>
    public Task<ExecutedNotebook[]> ChineseCourseAsync(JupyterKernelKind kernel) =>
        _chineseCourses.GetOrAdd(kernel, _ => new(() => ExecuteChineseCourseAsync(kernel))).Value;

    /// <summary>Returns the executed portability corpus.</summary>
    public Task<ExecutedNotebook> CorpusAsync(JupyterKernelKind kernel) =>
        _corpora.GetOrAdd(kernel, _ => new(() => ExecuteCorpusAsync(kernel))).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var workspace in _workspaces.Values) await workspace.DisposeAsync();
    }

    private Task InstallationOf(JupyterKernelKind kernel) =>
        _installations.GetOrAdd(kernel, _ => new(() => InstallAsync(kernel, WorkspaceOf(kernel)))).Value;

    private async Task<ExecutedNotebook[]> ExecuteCourseAsync(JupyterKernelKind kernel)
    {
        var workspace = WorkspaceOf(kernel);
        workspace.ShortenTraining();
        await InstallationOf(kernel);
        var notebooks = NotebooksIn(workspace, "");
        foreach (var notebook in notebooks) FillIn(notebook);
        return await ExecuteAsync(workspace, notebooks);
    }

    private async Task<ExecutedNotebook[]> ExecuteChineseCourseAsync(JupyterKernelKind kernel)
    {
        await CourseAsync(kernel);
        var workspace = WorkspaceOf(kernel);
        if (kernel == JupyterKernelKind.Ours) return await RunChineseCourseAsync(workspace);

        var notebooks = NotebooksIn(workspace, "zh");
        var text = await File.ReadAllTextAsync(notebooks[^1]);
        Assert.Contains(Kept, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            notebooks[^1], text.Replace(Kept, "var cleanUp = true;", StringComparison.Ordinal));
        return await ExecuteAsync(workspace, notebooks);
    }

    private static async Task<ExecutedNotebook[]> RunChineseCourseAsync(CopiedWorkspace workspace)
    {
        string[] options = ["--as-learner", "--timeout", ExaminedCourse.LongestCell, "-p", "cleanUp=true"];
        var (exitCode, output, error) = await workspace.RunAsync(
            null, ["run", Path.Combine("notebooks", "zh"), .. options]);
        Assert.True(exitCode == 0, output + error);
        return [.. Course.Select(name => ExecutedNotebook.Parse(
            workspace.Executed(name + NotebookDocument.Extension), workspace.Folder))];
    }

    private static string[] NotebooksIn(CopiedWorkspace workspace, string folder) =>
        [.. Course.Select(name => workspace.NotebookPath(Path.Combine(folder, name + NotebookDocument.Extension)))];

    // Replaces the skeletons that a learner starts with, because Jupyter runs the source of the cells.
    internal static void FillIn(string file)
    {
        var notebook = NotebookDocument.Read(file);
        ExerciseSolutions.FillIn(notebook);
        notebook.Save(file);
    }

    private async Task<ExecutedNotebook> ExecuteCorpusAsync(JupyterKernelKind kernel)
    {
        var workspace = WorkspaceOf(kernel);
        await InstallationOf(kernel);
        var notebook = workspace.PathOf($"corpus{NotebookDocument.Extension}");
        NotebookDocument.Read(Path.Combine(AppContext.BaseDirectory, "Jupyter", "corpus.dib")).Save(notebook);
        return Assert.Single(await ExecuteAsync(workspace, notebook));
    }

    private static async Task InstallAsync(JupyterKernelKind kernel, CopiedWorkspace workspace)
    {
        var data = workspace.Variables["JUPYTER_DATA_DIR"] = workspace.PathOf("jupyter");
        if (kernel == JupyterKernelKind.DotNetInteractive)
        {
            var program = InstalledProgram.Require(DotNetInteractive.Program);
            await DotNetInteractive.InstallAsync(program, data);
            return;
        }

        var installation = new KernelInstallation(JupyterFolders.OfEnvironment);
        var (name, displayName) = (KernelInstallation.DefaultName, KernelInstallation.DefaultDisplayName);
        installation.Install(name, displayName, Path.Combine(data, "kernels"));
    }

    private static async Task<ExecutedNotebook[]> ExecuteAsync(CopiedWorkspace workspace, params string[] notebooks)
    {
        var folder = workspace.PathOf("executed");
        string[] options = ["--to", "notebook", "--execute", "--allow-errors", CellTimeout, "--output-dir", folder];
        var nbconvert = InstalledProgram.Require("jupyter-nbconvert");
        var start = workspace.StartInfo(null, nbconvert, [.. options, .. notebooks]);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await error);
        return [.. notebooks.Select(notebook => ExecutedNotebook.Parse(
            File.ReadAllText(Path.Combine(folder, Path.GetFileName(notebook))), workspace.Folder))];
    }
}
