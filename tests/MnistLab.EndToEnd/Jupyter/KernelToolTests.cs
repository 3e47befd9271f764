using System.Diagnostics;
using System.Text.Json.Nodes;
using MnistLab.Data.Workspaces;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>
/// Tests the kernel as a .NET tool: packed, installed into an empty home folder, and used outside this repository.
/// </summary>
public sealed class KernelToolTests : IDisposable
{
    private const string Notebook = """
        {
         "cells": [
          { "cell_type": "code", "id": "first", "execution_count": null, "metadata": {}, "outputs": [], "source": "var digits = Enumerable.Range(0, 10);" },
          { "cell_type": "code", "id": "second", "execution_count": null, "metadata": {}, "outputs": [], "source": "digits.Sum()" }
         ],
         "metadata": { "kernelspec": { "name": ".net-csharp", "display_name": ".NET (C#)", "language": "C#" } },
         "nbformat": 4,
         "nbformat_minor": 5
        }
        """;

    private readonly TemporaryFolder _folder = new();

    private string Tool => Path.Combine(_folder["tools"], OperatingSystem.IsWindows() ? "mnistlab-kernel.exe" : "mnistlab-kernel");

    [Fact]
    public async Task Tool_PackedAndInstalledIntoAnEmptyHome_RunsNotebooksWithAndWithoutJupyter()
    {
        var nbconvert = InstalledProgram.Require("jupyter-nbconvert");
        await File.WriteAllTextAsync(_folder["sum.ipynb"], Notebook, TestContext.Current.CancellationToken);
        var project = Path.Combine(Workspace.Find().Root, "lib", "MnistLab.Kernel");
        await RunAsync("dotnet", "pack", project, "--output", _folder["feed"], "--artifacts-path", _folder["build"]);
        await RunAsync("dotnet", "tool", "install", "MnistLab.Kernel", "--tool-path", _folder["tools"], "--add-source", _folder["feed"]);

        var run = await RunAsync(Tool, "run", _folder["sum.ipynb"], "--output", _folder["reports"]);
        Assert.DoesNotContain("dataset", run, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("45", ResultIn(Path.Combine(_folder["reports"], "sum.ipynb")));
        Assert.True(File.Exists(Path.Combine(_folder["reports"], "report.html")));

        await RunAsync(Tool, "install", "--no-compile");
        Assert.Contains("* .net-csharp", await RunAsync(Tool, "list"), StringComparison.Ordinal);
        await RunAsync(nbconvert, "--to", "notebook", "--execute", "--output-dir", _folder["executed"], _folder["sum.ipynb"]);
        Assert.Equal("45", ResultIn(Path.Combine(_folder["executed"], "sum.ipynb")));
        await RunAsync(Tool, "uninstall");
        Assert.DoesNotContain("* .net-csharp", await RunAsync(Tool, "list"), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string? ResultIn(string notebook) =>
        (string?)JsonNode.Parse(File.ReadAllText(notebook))!["cells"]![1]!["outputs"]![0]!["data"]!["text/plain"]!.AsArray().Single();

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        // Packages come from the package folder of this machine; everything else in the home folder is new.
        start.Environment["NUGET_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        start.Environment["DOTNET_CLI_HOME"] = _folder["home"];
        start.Environment["JUPYTER_DATA_DIR"] = _folder["jupyter"];
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(
            Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location))));
        foreach (var variable in start.Environment.Keys
            .Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase))
            .ToList())
            start.Environment.Remove(variable);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var text = await output + await error;
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{text}");
        return text;
    }
}
