namespace MnistLab.Kernel;

/// <summary>Runs the code of a notebook from top to bottom in a fresh session, in this process.</summary>
public sealed class NotebookRunner(TimeProvider time)
{
    /// <summary>
    /// Runs the cells until one fails, and puts their results into the notebook; the failing cell's failure is its last output, cells after it are left as not run.
    /// Cells without code are passed over, as Jupyter does.
    /// </summary>
    /// <param name="notebook">The notebook; relative paths in its <c>#r</c> start at its folder.</param>
    /// <param name="progress">Told, on the calling flow, when a cell starts and ends.</param>
    /// <param name="cancellationToken">Stops the running cell, which then counts as failed.</param>
    public async Task<NotebookRun> RunAsync(NotebookDocument notebook, IProgress<CellProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        foreach (var cell in notebook.Cells.Where(cell => cell.Kind == CellKind.Code)) cell.SetResult(null, []);

        NotebookCell[] cells = [.. notebook.CellsToRun()];
        var times = new List<ExecutionTimes>();
        var outputs = new OutputCollector();
        var run = new NotebookRun(null, null);
        using (var session = new ScriptSession(Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!, outputs))
        {
            foreach (var cell in cells)
            {
                var number = times.Count + 1;
                progress?.Report(new(number, cells.Length, CellStage.Started, TimeSpan.Zero));
                outputs.BeginCell();
                var started = time.GetUtcNow();
                var result = await session.RunAsync(cell.Source, cancellationToken);
                if (result.Value is { } value) outputs.Add(new ResultOutput(number, value));
                if (result.Error is { } error) outputs.Add(new ErrorOutput(error.Name, error.Message, error.Traceback));
                times.Add(new(started, time.GetUtcNow()));
                progress?.Report(new(number, cells.Length, result.Succeeded ? CellStage.Succeeded : CellStage.Failed, times[^1].Duration));
                if (result.Succeeded) continue;
                run = new(cell, result.Error);
                break;
            }
        }

        // At the end, because a cell may update what an earlier one displayed.
        var collected = outputs.Snapshot();
        for (var i = 0; i < times.Count; i++)
        {
            cells[i].SetResult(i + 1, collected[i + 1]);
            cells[i].Times = times[i];
        }

        return run;
    }
}
