using System.Diagnostics;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>The kernel as a newcomer gets it, with what Debian has of Jupyter.</summary>
public sealed class JupyterTests(ExecutedNotebooks notebooks)
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public async Task Kernel_IsInstalled_PassesJupytersOwnTestsOfKernels()
    {
        InstalledProgram.RequireFolder("/usr/lib/python3/dist-packages/jupyter_kernel_test", "python3-jupyter-kernel-test");
        await using var workspace = new CopiedWorkspace();
        await InstallKernelAsync(workspace);

        var (exitCode, output) = await StartAsync(workspace, Python, Path.Combine(AppContext.BaseDirectory, "Jupyter", "conformance.py"));

        Assert.True(exitCode == 0, output);
        Assert.Contains("Ran 12 tests", output, StringComparison.Ordinal);
        Assert.Contains("OK (skipped=1)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notebooks_AreExecutedByNbconvert_HaveTheOutputsThatTheRunnerGives()
    {
        InstalledProgram.Require("jupyter-nbconvert");
        await using var workspace = new CopiedWorkspace();
        var run = await workspace.RunAsync(null, "run", "notebooks");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        var executed = await notebooks.CourseAsync(JupyterKernelKind.Ours, ExecutedNotebooks.English);

        foreach (var (name, nbconverts) in ExecutedNotebooks.Course.Zip(executed))
        {
            var ours = ExecutedNotebook.Parse(workspace.Executed($"{name}.ipynb"), workspace.Folder);
            Assert.Equal(ours.Cells.Select(Forms), nbconverts.Cells.Select(Forms));
            // Training and deployment tell how long things took.
            if (name is "1-prepare" or "4-predict") Assert.Equal(Texts(ours), Texts(nbconverts));
        }
    }

    [Fact]
    public async Task Notebooks_OnTheFullMnist_RunInJupyterToo()
    {
        var nbconvert = InstalledProgram.Require("jupyter-nbconvert");
        var mnist = Environment.GetEnvironmentVariable("MNIST_DIR");
        Assert.SkipWhen(string.IsNullOrEmpty(mnist), "MNIST_DIR is not set.");
        await using var workspace = new CopiedWorkspace();
        await InstallKernelAsync(workspace);

        foreach (var name in new[] { "1-prepare", "2-train", "3-deploy", "4-predict" })
        {
            using var process = Process.Start(workspace.StartInfo(mnist, nbconvert, ["--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=300", "--output-dir", workspace.Folder, workspace.NotebookPath($"{name}.ipynb")]))!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, await output + await error);
        }

        Assert.Contains("55,000 images to train on", await File.ReadAllTextAsync(Path.Combine(workspace.Folder, "2-train.ipynb")), StringComparison.Ordinal);
    }

    internal static async Task InstallKernelAsync(CopiedWorkspace workspace)
    {
        workspace.Variables["JUPYTER_DATA_DIR"] = Path.Combine(workspace.Folder, "jupyter");
        var (exitCode, output, error) = await workspace.RunAsync(null, "kernel", "install", "--no-compile");
        Assert.True(exitCode == 0, output + error);
    }

    private static async Task<(int ExitCode, string Output)> StartAsync(CopiedWorkspace workspace, string program, params string[] arguments)
    {
        using var process = Process.Start(workspace.StartInfo(null, program, arguments))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    private static string Forms(ExecutedCell cell) => string.Join(' ', cell.Outputs.Select(output => output.Form));

    // Cell by cell, but for those that show measurements.
    private static IEnumerable<string> Texts(ExecutedNotebook notebook) =>
        notebook.Cells.Where(cell => !cell.Source.Contains("measurement", StringComparison.Ordinal)).Select(cell => string.Concat(cell.Outputs.Select(output => output.Text)));
}
