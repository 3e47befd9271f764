using System.Collections.Concurrent;
using System.Diagnostics;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Installation;
using MnistLab.Testing;

[assembly: AssemblyFixture(typeof(MnistLab.EndToEnd.ExecutedNotebooks))]

namespace MnistLab.EndToEnd;

/// <summary>
/// Executes the course, on the sample and with shorter training runs, and the portability corpus with <c>nbconvert</c>.
/// Each combination of kernel and language is executed once and shared by all tests. Execution continues after a failed
/// cell.
/// </summary>
public sealed class ExecutedNotebooks
{
    /// <summary>The language of the notebooks that are not in a folder of a language.</summary>
    public const string English = "en";

    private const string CellTimeout = "--ExecutePreprocessor.timeout=300";

    private readonly ConcurrentDictionary<(JupyterKernelKind Kernel, string Language), Lazy<Task<ExecutedNotebook[]>>>
        _courses = new();

    private readonly ConcurrentDictionary<JupyterKernelKind, Lazy<Task<ExecutedNotebook>>> _corpora = new();

    /// <summary>Gets the names of the notebooks of the course, in order, without extensions.</summary>
    public static IReadOnlyList<string> Course { get; } = ["1-prepare", "2-train", "3-deploy", "4-predict"];

    /// <summary>Returns the executed notebooks of the course.</summary>
    public Task<ExecutedNotebook[]> CourseAsync(JupyterKernelKind kernel, string language) =>
        _courses.GetOrAdd((kernel, language), _ => new(() => ExecuteCourseAsync(kernel, language))).Value;

    /// <summary>Returns the executed portability corpus.</summary>
    public Task<ExecutedNotebook> CorpusAsync(JupyterKernelKind kernel) =>
        _corpora.GetOrAdd(kernel, _ => new(() => ExecuteCorpusAsync(kernel))).Value;

    private static async Task<ExecutedNotebook[]> ExecuteCourseAsync(JupyterKernelKind kernel, string language)
    {
        await using var workspace = new CopiedWorkspace();
        workspace.ShortenTraining();
        await InstallAsync(kernel, workspace);
        var folder = language == English ? "" : language;
        var executed = new List<ExecutedNotebook>();
        foreach (var name in Course)
        {
            var notebook = workspace.NotebookPath(Path.Combine(folder, name + NotebookDocument.Extension));
            if (language == English) FillIn(notebook);
            executed.Add(await ExecuteAsync(workspace, notebook));
        }

        return [.. executed];
    }

    // Jupyter runs the source of the cells: the solutions in one language, and the skeletons that a learner starts with
    // in the other.
    internal static void FillIn(string file)
    {
        var notebook = NotebookDocument.Read(file);
        ExerciseSolutions.FillIn(notebook);
        notebook.Save(file);
    }

    private static async Task<ExecutedNotebook> ExecuteCorpusAsync(JupyterKernelKind kernel)
    {
        await using var workspace = new CopiedWorkspace();
        await InstallAsync(kernel, workspace);
        var notebook = workspace.PathOf($"corpus{NotebookDocument.Extension}");
        NotebookDocument.Read(Path.Combine(AppContext.BaseDirectory, "Jupyter", "corpus.dib")).Save(notebook);
        return await ExecuteAsync(workspace, notebook);
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

    private static async Task<ExecutedNotebook> ExecuteAsync(CopiedWorkspace workspace, string notebook)
    {
        var folder = workspace.PathOf("executed");
        string[] options = ["--to", "notebook", "--execute", "--allow-errors", CellTimeout, "--output-dir", folder];
        var start = workspace.StartInfo(null, InstalledProgram.Require("jupyter-nbconvert"), [.. options, notebook]);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await error);
        var json = await File.ReadAllTextAsync(Path.Combine(folder, Path.GetFileName(notebook)));
        return ExecutedNotebook.Parse(json, workspace.Folder);
    }
}
