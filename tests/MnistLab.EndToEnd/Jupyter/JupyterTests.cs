using System.Diagnostics;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>Tests the kernel as a new user gets it, with Debian's version of Jupyter.</summary>
public sealed class JupyterTests(ExecutedNotebooks notebooks, ExaminedCourse course)
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
        var ofTheRunner = (await course.Run).Notebooks;
        var executed = await notebooks.CourseAsync(JupyterKernelKind.Ours);

        foreach (var (name, nbconverts) in ExecutedNotebooks.Course.Zip(executed))
        {
            // The cells of the examination follow those of the notebook.
            ExecutedCell[] ours = [.. ofTheRunner[name].Cells.Take(nbconverts.Cells.Count)];
            Assert.Equal(ours.Select(Forms), nbconverts.Cells.Select(Forms));
            // Training and deployment report how long they took.
            if (name is "1-prepare" or "4-predict") Assert.Equal(Texts(ours), Texts(nbconverts.Cells));
        }
    }

    internal static async Task InstallKernelAsync(CopiedWorkspace workspace)
    {
        workspace.Variables["JUPYTER_DATA_DIR"] = Path.Combine(workspace.Folder, "jupyter");
        var (exitCode, output, error) = await workspace.RunAsync(null, "kernel", "install", "--no-compile");
        Assert.True(exitCode == 0, output + error);
    }

    private static async Task<(int ExitCode, string Output)> StartAsync(
        CopiedWorkspace workspace, string program, params string[] arguments)
    {
        using var process = Process.Start(workspace.StartInfo(null, program, arguments))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    private static string Forms(ExecutedCell cell) => string.Join(' ', cell.Outputs.Select(output => output.Form));

    // Compares cell by cell, except for those that show measurements.
    private static IEnumerable<string> Texts(IEnumerable<ExecutedCell> cells) =>
        cells
            .Where(cell => !cell.Source.Contains("measurement", StringComparison.Ordinal))
            .Select(cell => string.Concat(cell.Outputs.Select(output => output.Text)));
}
