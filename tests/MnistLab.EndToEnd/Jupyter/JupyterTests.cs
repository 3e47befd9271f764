using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>The kernel as a newcomer gets it, with what Debian has of Jupyter.</summary>
public sealed partial class JupyterTests
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
        var nbconvert = InstalledProgram.Require("jupyter-nbconvert");
        await using var workspace = new CopiedWorkspace();
        await InstallKernelAsync(workspace);
        var run = await workspace.RunAsync(null, "run", "notebooks");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);

        foreach (var name in new[] { "1-prepare", "2-train", "3-deploy", "4-predict" })
        {
            var (exitCode, output) = await StartAsync(workspace, nbconvert, "--to", "notebook", "--execute", "--output-dir", workspace.Folder, workspace.NotebookPath($"{name}.ipynb"));
            Assert.True(exitCode == 0, output);
            var (ours, nbconverts) = (workspace.Executed($"{name}.ipynb"), await File.ReadAllTextAsync(Path.Combine(workspace.Folder, $"{name}.ipynb")));
            Assert.Equal(Forms(ours), Forms(nbconverts));
            // Training and deployment tell how long things took.
            if (name is "1-prepare" or "4-predict") Assert.Equal(Outputs(ours), Outputs(nbconverts));
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

    // Cell by cell, the kinds of outputs and the forms that they come in.
    private static IReadOnlyList<string> Forms(string notebook) =>
    [
        .. CodeCells(notebook).Select(cell => string.Join(' ', cell["outputs"]!.AsArray().Select(output => $"{output!["output_type"]}({string.Join(',', (output["data"] as JsonObject ?? []).Select(form => form.Key).Order(StringComparer.Ordinal))})"))),
    ];

    private static IEnumerable<JsonNode> CodeCells(string notebook) => JsonNode.Parse(notebook)!["cells"]!.AsArray().Where(cell => (string?)cell!["cell_type"] == "code")!;

    // Cell by cell, but for those that show measurements; what else differs from run to run (times, ports, ids) is made the same.
    private static IReadOnlyList<string> Outputs(string notebook) =>
    [
        .. CodeCells(notebook).Where(cell => !Joined(cell["source"]).Contains("measurement", StringComparison.Ordinal)).Select(cell => Changing.Replace(Text(cell["outputs"]!), "…")),
    ];

    private static string Text(JsonNode outputs) => string.Concat(outputs.AsArray().Select(output => output switch
    {
        { } shown when shown["data"] is JsonObject data => string.Concat(data.OrderBy(form => form.Key, StringComparer.Ordinal).Select(form => $"{form.Key}: {Joined(form.Value)}\n")),
        { } stream when stream["text"] is { } text => Joined(text),
        _ => output!.ToJsonString(),
    }));

    private static string Joined(JsonNode? text) => text switch
    {
        JsonArray lines => string.Concat(lines.Select(line => (string?)line)),
        JsonValue value when value.TryGetValue<string>(out var whole) => whole,
        _ => text?.ToJsonString() ?? "",
    };

    [GeneratedRegex(@"\d+(\.\d+)? (ms|s|seconds|images/s)\b|\d{4}-\d\d-\d\d[T ][\d:.]+(Z|\+\d\d:\d\d)?|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|127\.0\.0\.1:\d+|V\d{4}|\d+\.\d+\.\d+|\d\d:\d\d:\d\d")]
    private static partial Regex Changing { get; }
}
