using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MnistLab.Data.Sources;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>
/// Tests the course on the full MNIST, with each notebook once: the first half in Jupyter, the second with the command.
/// </summary>
public sealed partial class FullDatasetTests
{
    [Fact]
    public async Task Course_OnTheFullDatasetInJupyterAndByTheCommand_HoldsWhatItClaimsAndReachesTheExpectedAccuracies()
    {
        var mnist = Environment.GetEnvironmentVariable(DatasetSource.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(mnist), $"{DatasetSource.Variable} is not set.");
        var nbconvert = InstalledProgram.Require("jupyter-nbconvert");
        await using var workspace = new CopiedWorkspace();
        await JupyterTests.InstallKernelAsync(workspace);
        workspace.Examine(isMnist: true);

        foreach (var name in new[] { "1-prepare", "2-train" }) await ExecuteAsync(workspace, mnist, nbconvert, name);
        string[] rest = [workspace.NotebookPath("3-deploy.ipynb"), workspace.NotebookPath("4-predict.ipynb")];
        var (exitCode, output, error) = await workspace.RunAsync(mnist, ["run", .. rest]);

        Assert.True(exitCode == 0, output + error);
        var trained = await File.ReadAllTextAsync(workspace.PathOf("2-train.ipynb"), TestContext.Current.CancellationToken);
        Assert.Contains("55,000 images to train on", trained, StringComparison.Ordinal);
        var accuracies = Accuracy().Matches(trained).ToDictionary(
            match => match.Groups[2].Value, match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.InRange(accuracies["softmax regression"], 86.5, 88.0);
        Assert.InRange(accuracies["convolutional network"], 98.5, 100.0);
    }

    // Jupyter runs the source of the cells, so they must contain the solutions.
    private static async Task ExecuteAsync(CopiedWorkspace workspace, string mnist, string nbconvert, string name)
    {
        var notebook = workspace.NotebookPath($"{name}.ipynb");
        ExecutedNotebooks.FillIn(notebook);
        string[] options = ["--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=300", "--output-dir", workspace.Folder];
        using var process = Process.Start(workspace.StartInfo(mnist, nbconvert, [.. options, notebook]))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await error);
    }

    [GeneratedRegex("""([\d.]+)% ± [\d.]+ +(softmax regression|convolutional network)""")]
    private static partial Regex Accuracy();
}
