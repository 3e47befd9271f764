using System.Diagnostics;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed partial class NotebookBatchTests
{
    [Fact]
    public async Task Batch_OfAFolder_RunsInNameOrderEachInAProcessOfItsOwnInItsFolder()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("2-b.ipynb", "Console.Write(Environment.ProcessId); System.IO.File.AppendAllText(\"order\", \"2\");");
        folder.WriteNotebook("1-a.ipynb", "Console.Write(Environment.ProcessId); System.IO.File.AppendAllText(\"order\", \"1\");");
        var progress = new ProgressLog<BatchProgress>();
        var results = await RunAsync(folder, progress);
        Assert.All(results, result => Assert.True(result.Succeeded, result.Failure?.Message));
        Assert.Equal(["1-a.ipynb", "2-b.ipynb"], results.Select(result => Path.GetFileName(result.Executed)));
        Assert.Equal("12", await File.ReadAllTextAsync(folder["order"], TestContext.Current.CancellationToken));
        var processes = results.Select(result =>
            Assert.IsType<StreamOutput>(Assert.Single(NotebookDocument.Read(result.Executed).Cells[0].Outputs)).Text);
        Assert.Equal(3, processes.Append($"{Environment.ProcessId}").Distinct().Count());
        Assert.Equal(
            [(1, CellStage.Started), (1, CellStage.Succeeded), (2, CellStage.Started), (2, CellStage.Succeeded)],
            progress.Reports.Where(report => report.Cell.Stage != CellStage.Wrote).Select(report => (report.Number, report.Cell.Stage)));
        Assert.Equal(2, progress.Reports.Count(report => report.Cell is { Stage: CellStage.Wrote, Text.Length: > 0 }));
    }

    [Fact]
    public async Task Batch_WithAFailingCell_StopsAndNamesIt()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "1", "throw new Exception(\"on purpose\");", "2");
        folder.WriteNotebook("2.ipynb", "1");
        var failure = Assert.Single(await RunAsync(folder)).Failure!;
        Assert.Equal(
            (2, "throw new Exception(\"on purpose\");", "System.Exception: on purpose", 1),
            (failure.CellNumber, failure.Source, failure.Message, failure.ExitCode));
        Assert.Contains("   at cell 2, line 1", failure.Details);
        Assert.Equal([1, 2, null], NotebookDocument.Read(folder["out/1.ipynb"]).Cells.Select(cell => cell.ExecutionCount));
    }

    [Theory]
    [InlineData("Environment.Exit(0);", 0)]
    [InlineData("Environment.Exit(1);", 1)]
    [InlineData("Environment.Exit(7);", 7)]
    [InlineData("Environment.FailFast(\"broken beyond repair\");", null)]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill();", null)]
    public async Task Batch_WhoseProcessEnds_SaysInWhichCellAndHow(string code, int? exitCode)
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "display(\"shown\"); 1", $"Console.WriteLine(\"just before\"); Console.Out.Flush(); {code}", "2");
        var result = Assert.Single(await RunAsync(folder));
        var failure = result.Failure!;
        Assert.Equal(2, failure.CellNumber);
        Assert.Contains(code, failure.Source);
        if (exitCode is not null) Assert.Equal(exitCode, failure.ExitCode);
        Assert.Contains($"in cell 2, with exit code {failure.ExitCode}", failure.Message);
        if (code.Contains("FailFast")) Assert.Contains(failure.Details, line => line.Contains("broken beyond repair"));
        var cells = NotebookDocument.Read(result.Executed).Cells;
        Assert.Equal([new DisplayOutput(MimeBundle.From("text/plain", "shown")),
            new ResultOutput(1, MimeBundle.From("text/plain", "1"))], cells[0].Outputs);
        Assert.Equal(failure.Message, Assert.IsType<ErrorOutput>(cells[1].Outputs[^1]).Message);
        // The runtime writes the reason for a fail-fast to a different pipe, and the order between two pipes is
        // undefined.
        var crash = cells[1].Outputs.OfType<StreamOutput>().Where(output => output.Name == StreamName.Stderr).ToArray();
        Assert.Equal(code.Contains("FailFast") ? 1 : 0, crash.Length);
        Assert.All(crash, output => Assert.Contains("broken beyond repair", output.Text));
        Assert.Equal(
            [new StreamOutput(StreamName.Stdout, "just before\n")],
            cells[1].Outputs.SkipLast(1).Except<NotebookOutput>(crash));
        Assert.Empty(cells[2].Outputs);
    }

    [Fact]
    public async Task Batch_WhoseCellPrintsPastTheConsole_KeepsItsProgress()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "Console.OpenStandardOutput().Write(new byte[] { 65, 66, 67 });", "1");
        var progress = new ProgressLog<BatchProgress>();
        Assert.True(Assert.Single(await RunAsync(folder, progress)).Succeeded);
        Assert.Equal(4, progress.Reports.Count(report => report.Cell.Stage != CellStage.Wrote));
        Assert.Equal("ABC", string.Concat(progress.Reports.Select(report => report.Cell.Text)));
    }

    [Fact]
    public async Task Batch_WhoseCellLeavesThreadsRunning_Ends()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "new System.Threading.Thread(() => System.Threading.Thread.Sleep(-1)).Start();");
        Assert.True(Assert.Single(await RunAsync(folder)).Succeeded);
    }

    [Fact]
    public async Task Batch_WhoseNotebookStartsAProcessThatStays_DoesNotWaitForIt()
    {
        var sleep = InstalledProgram.Require("sleep");
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", $"Console.Write(System.Diagnostics.Process.Start(\"{sleep}\", \"600\").Id);");
        var result = Assert.Single(await RunAsync(folder));
        Assert.True(result.Succeeded, result.Failure?.Message);
        var id = int.Parse(Assert.IsType<StreamOutput>(Assert.Single(NotebookDocument.Read(result.Executed).Cells[0].Outputs)).Text);
        using var stays = Process.GetProcessById(id);
        Assert.False(stays.HasExited);
        stays.Kill();
    }

    [Fact]
    public async Task Batch_Prepared_RunsNothingBeforeItIsTold()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "System.IO.File.WriteAllText(\"ran\", \"\"); 1 + 1");
        folder.WriteNotebook("2.ipynb", "2 + 2");
        using var batch = NotebookBatch.Open([folder.Path], folder["out"], TimeProvider.System);
        batch.Prepare();
        await WaitForProcessOfAsync(folder);
        Assert.False(File.Exists(folder["ran"]));
        Assert.False(Directory.Exists(folder["out"]));
        var results = await batch.RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([true, true], results.Select(result => result.Succeeded));
        Assert.Equal(
            [new ResultOutput(1, MimeBundle.From("text/plain", "2"))],
            NotebookDocument.Read(results[0].Executed).Cells[0].Outputs);
    }

    [Fact]
    public async Task Batch_PreparedAndNotRun_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "System.IO.File.WriteAllText(\"ran\", \"\");");
        using (var batch = NotebookBatch.Open([folder.Path], folder["out"], TimeProvider.System))
        {
            batch.Prepare();
            await WaitForProcessOfAsync(folder);
        }

        while (HasProcess(folder)) await Task.Yield();
        Assert.Equal(["1.ipynb"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Batch_WithParameters_RunsWithThemAndHandsThemOut()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["1.ipynb"], SampleNotebook.WithCells(
            """{ "cell_type": "code", "metadata": { "tags": ["parameters"] }, "outputs": [], "source": "var epochs = 3;" }""",
            """{ "cell_type": "code", "metadata": {}, "outputs": [], "source": "epochs" }"""));
        var options = new NotebookRunOptions { Parameters = new Dictionary<string, string> { ["epochs"] = "5" } };
        var result = Assert.Single(await NotebookBatch
            .Open([folder.Path], folder["out"], TimeProvider.System, options)
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.True(result.Succeeded, result.Failure?.Message);
        var cells = NotebookDocument.Read(result.Executed).Cells;
        Assert.Equal(["var epochs = 3;", "// Parameters\nint epochs = 5;", "epochs"], cells.Select(cell => cell.Source));
        Assert.Equal([new ResultOutput(3, MimeBundle.From("text/plain", "5"))], cells[2].Outputs);
    }

    [Fact]
    public async Task Batch_WhoseCellWritesALot_LosesNothing()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "for (var i = 0; i < 20000; i++) Console.WriteLine($\"line {i} → 😀\");");
        var result = Assert.Single(await RunAsync(folder));
        var text = Assert.IsType<StreamOutput>(Assert.Single(NotebookDocument.Read(result.Executed).Cells[0].Outputs)).Text;
        Assert.Equal(string.Concat(Enumerable.Range(0, 20000).Select(i => $"line {i} → 😀\n")), text);
    }

    private static Task<IReadOnlyList<NotebookResult>> RunAsync(TemporaryFolder folder, IProgress<BatchProgress>? progress = null) =>
        NotebookBatch
            .Open([folder.Path], folder["out"], TimeProvider.System)
            .RunAsync(progress, cancellationToken: TestContext.Current.CancellationToken);

    private static async Task WaitForProcessOfAsync(TemporaryFolder folder)
    {
        while (!HasProcess(folder)) await Task.Yield();
    }

    // Only on Linux can any program read the command line of a process.
    private static bool HasProcess(TemporaryFolder folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The processes of a folder are found in /proc.");
        return Directory.GetDirectories("/proc").Any(process => int.TryParse(Path.GetFileName(process), out _)
            && CommandLine(process).Contains(folder["out"], StringComparison.Ordinal));
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            // The process has ended.
            return "";
        }
    }
}
