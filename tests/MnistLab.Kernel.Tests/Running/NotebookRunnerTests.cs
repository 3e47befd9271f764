using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class NotebookRunnerTests
{
    [Fact]
    public async Task Run_OfCellsThatSucceed_ReplacesOldOutputs()
    {
        using var folder = new TemporaryFolder();
        var (notebook, run) = await RunAsync(folder, "var x = 2; Console.Write(x);", "x + 1");
        Assert.True(run.Succeeded);
        Assert.Equal([new StreamOutput(StreamName.Stdout, "2")], notebook.Cells[0].Outputs);
        Assert.Equal([new ResultOutput(2, MimeBundle.From("text/plain", "3"))], notebook.Cells[1].Outputs);
        Assert.Equal([1, 2], notebook.Cells.Select(cell => cell.ExecutionCount));
        Assert.All(notebook.Cells, cell => Assert.NotNull(cell.Times));
    }

    [Fact]
    public async Task Run_WithAFailingCell_StopsThereAndClearsTheRest()
    {
        using var folder = new TemporaryFolder();
        var (notebook, run) = await RunAsync(folder, "1", "Console.Write(\"before\"); throw new Exception(\"on purpose\");", "2");
        Assert.Same(notebook.Cells[1], run.FailedCell);
        Assert.Equal(new StreamOutput(StreamName.Stdout, "before"), notebook.Cells[1].Outputs[0]);
        Assert.Equal("on purpose", Assert.IsType<ErrorOutput>(notebook.Cells[1].Outputs[1]).Message);
        Assert.Empty(notebook.Cells[2].Outputs);
        Assert.Null(notebook.Cells[2].ExecutionCount);
    }

    [Fact]
    public async Task Run_WithEmptyCells_PassesThemOver()
    {
        using var folder = new TemporaryFolder();
        var (notebook, _) = await RunAsync(folder, " \n", "1");
        Assert.Equal([null, 1], notebook.Cells.Select(cell => cell.ExecutionCount));
        Assert.Empty(notebook.Cells[0].Outputs);
    }

    [Fact]
    public async Task Run_WithALaterUpdate_ChangesTheEarlierCell()
    {
        using var folder = new TemporaryFolder();
        var (notebook, _) = await RunAsync(folder, "var shown = display(\"first\");", "shown.Update(\"second\");");
        Assert.Equal(MimeBundle.From("text/plain", "second"), Assert.IsType<DisplayOutput>(Assert.Single(notebook.Cells[0].Outputs)).Data);
    }

    [Fact]
    public async Task Run_ToAFailure_ReportsEachCellsStartAndEnd()
    {
        using var folder = new TemporaryFolder();
        var progress = new ProgressLog<CellProgress>();
        await RunAsync(folder, progress, "1", "nonsense", "2");
        Assert.Equal(
            [(1, 3, CellStage.Started), (1, 3, CellStage.Succeeded), (2, 3, CellStage.Started), (2, 3, CellStage.Failed)],
            progress.Reports.Select(report => (report.Number, report.Count, report.Stage)));
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    public async Task Run_WithACellOverItsLimit_StopsItAndKeepsWhatItWrote(string code)
    {
        using var folder = new TemporaryFolder();
        var notebook = NotebookDocument.Read(folder.WriteNotebook("a.ipynb", $"Console.Write(1); {code}", "2"));
        var run = await RunLateAsync(notebook, new() { CellTimeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal("CellTimeout", run.Error!.Name);
        Assert.Contains("0.3 s", run.Error.Message);
        Assert.Equal(new StreamOutput(StreamName.Stdout, "1"), notebook.Cells[0].Outputs[0]);
        Assert.Null(notebook.Cells[1].ExecutionCount);
    }

    [Fact]
    public async Task Run_WithErrorsAllowed_GoesOnAndCountsThem()
    {
        using var folder = new TemporaryFolder();
        var notebook = NotebookDocument.Read(folder.WriteNotebook(
            "a.ipynb", "throw new Exception();", "nonsense", "Console.Write(1); await Task.Delay(-1);", "3"));
        var run = await RunLateAsync(notebook, new() { CellTimeout = TimeSpan.FromSeconds(2), AllowErrors = true });
        Assert.True(run.Succeeded);
        Assert.Equal(3, run.Failures);
        Assert.Equal([1, 2, 3, 4], notebook.Cells.Select(cell => cell.ExecutionCount));
        Assert.Equal(
            ["System.Exception", "CompilationError", "CellTimeout"],
            notebook.Cells.SelectMany(cell => cell.Outputs).OfType<ErrorOutput>().Select(error => error.Name));
        Assert.IsType<ResultOutput>(Assert.Single(notebook.Cells[3].Outputs));
    }

    // The timeout expires as soon as a cell has written something.
    private static Task<NotebookRun> RunLateAsync(NotebookDocument notebook, NotebookRunOptions options)
    {
        var clock = new TriggeredClock();
        var progress = new ProgressLog<CellProgress>(report =>
        {
            if (report.Stage == CellStage.Wrote) Task.Run(clock.Trigger);
        });
        return new NotebookRunner(clock, options).RunAsync(notebook, progress, TestContext.Current.CancellationToken);
    }

    private static Task<(NotebookDocument Notebook, NotebookRun Run)> RunAsync(
        TemporaryFolder folder, params string[] cells) => RunAsync(folder, null, cells);

    private static async Task<(NotebookDocument Notebook, NotebookRun Run)> RunAsync(
        TemporaryFolder folder, IProgress<CellProgress>? progress, params string[] cells)
    {
        var notebook = NotebookDocument.Read(folder.WriteNotebook("a.ipynb", cells));
        return (notebook, await new NotebookRunner(TimeProvider.System).RunAsync(
            notebook, progress, TestContext.Current.CancellationToken));
    }
}
