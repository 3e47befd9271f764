using System.Diagnostics;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

/// <content>Tests batches that are canceled or interrupted, or whose cells cannot be stopped.</content>
public sealed partial class NotebookBatchTests
{
    [Fact]
    public async Task Batch_IsCancelled_KillsWhatCellsStartedButNotWhatDetachedItself()
    {
        var sleep = InstalledProgram.Require("sleep");
        var setsid = InstalledProgram.Require("setsid");
        using var folder = new TemporaryFolder();
        folder.WriteNotebook(
            "1.ipynb",
            $"var ids = new[] {{ System.Diagnostics.Process.Start(\"{sleep}\", \"600\").Id, System.Diagnostics.Process.Start(\"{setsid}\", \"{sleep} 600\").Id }};\n"
            // Once the process of setsid runs sleep, it has left the process group of the notebook.
            + "while (System.Diagnostics.Process.GetProcessById(ids[1]).ProcessName != \"sleep\") await Task.Delay(5);\n"
            + "System.IO.File.WriteAllText(\"ids\", string.Join(' ', ids));",
            "while (true) { }");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var progress = new ProgressLog<BatchProgress>(report =>
        {
            if (report.Cell is { Number: 2, Stage: CellStage.Started }) stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NotebookBatch
            .Open([folder.Path], folder["out"], TimeProvider.System)
            .RunAsync(progress, cancellationToken: stop.Token));
        var ids = (await File.ReadAllTextAsync(folder["ids"], TestContext.Current.CancellationToken))
            .Split(' ')
            .Select(int.Parse)
            .ToArray();
        using var detached = Process.GetProcessById(ids[1]);
        Assert.False(detached.HasExited);
        detached.Kill();
        while (Runs(ids[0])) await Task.Yield();
    }

    [Fact]
    public async Task Batch_IsCancelled_KillsTheProcess()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "System.IO.File.WriteAllText(\"id\", $\"{Environment.ProcessId}\");", "while (true) { }");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var progress = new ProgressLog<BatchProgress>(report =>
        {
            if (report.Cell is { Number: 2, Stage: CellStage.Started }) stop.Cancel();
        });
        var batch = NotebookBatch.Open([folder.Path], folder["out"], TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch.RunAsync(progress, cancellationToken: stop.Token));
        var id = int.Parse(await File.ReadAllTextAsync(folder["id"], TestContext.Current.CancellationToken));
        Assert.DoesNotContain(Process.GetProcesses(), process => process.Id == id);
    }

    [Fact]
    public async Task Batch_IsInterrupted_KeepsWhatThereIsAndStops()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "1", "Console.Write(\"begun\"); while (true) { }", "2");
        folder.WriteNotebook("2.ipynb", "1");
        using var interruption = new CancellationTokenSource();
        var progress = new ProgressLog<BatchProgress>(report =>
        {
            if (report.Cell is { Number: 2, Stage: CellStage.Wrote }) interruption.CancelAsync();
        });
        var result = Assert.Single(await NotebookBatch
            .Open([folder.Path], folder["out"], TimeProvider.System)
            .RunAsync(progress, interruption.Token, TestContext.Current.CancellationToken));
        Assert.True(result.Failure!.IsInterruption);
        Assert.Equal(2, result.Failure.CellNumber);
        var cells = NotebookDocument.Read(result.Executed).Cells;
        Assert.Equal([1, 2, null], cells.Select(cell => cell.ExecutionCount));
        Assert.Equal([new ResultOutput(1, MimeBundle.From("text/plain", "1"))], cells[0].Outputs);
        Assert.Equal(new StreamOutput(StreamName.Stdout, "begun"), cells[1].Outputs[0]);
        Assert.Equal("KeyboardInterrupt", Assert.IsType<ErrorOutput>(cells[1].Outputs[1]).Name);
    }

    [Fact]
    public async Task Batch_WhoseLateCellCannotBeStopped_EndsItsProcess()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The mutex that stands for native code is Linux'.");
        using var folder = new TemporaryFolder();
        // Neither an abort nor an interruption reaches a thread that waits for a lock of the C library.
        folder.WriteNotebook("1.ipynb", "1",
            """
            [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "pthread_mutex_lock")] static extern int Lock(IntPtr mutex);
            unsafe { var mutex = (IntPtr)System.Runtime.InteropServices.NativeMemory.AllocZeroed(256); Lock(mutex); Lock(mutex); }
            """);
        var options = new NotebookRunOptions { CellTimeout = TimeSpan.FromSeconds(6), AllowErrors = true };
        var result = Assert.Single(await NotebookBatch
            .Open([folder.Path], folder["out"], TimeProvider.System, options)
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.True(!result.Succeeded, await File.ReadAllTextAsync(result.Executed, TestContext.Current.CancellationToken));
        Assert.Contains("the cell did not stop within", result.Failure!.Message);
        Assert.Equal(2, result.Failure.CellNumber);
        Assert.Equal("ProcessEnded", Assert.IsType<ErrorOutput>(NotebookDocument.Read(result.Executed).Cells[1].Outputs[^1]).Name);
    }

    // A killed process stays listed, as a zombie, until its new parent has collected its exit code.
    private static bool Runs(int id)
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var process = Process.GetProcessById(id);
            return !OperatingSystem.IsLinux() || !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ");
        }
        catch (Exception gone) when (gone is ArgumentException or IOException)
        {
            return false;
        }
    }
}
