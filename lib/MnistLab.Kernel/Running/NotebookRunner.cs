using System.Globalization;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Sessions;

namespace MnistLab.Kernel.Running;

/// <summary>Runs the code cells of a notebook from top to bottom in a new session in this process.</summary>
public sealed class NotebookRunner(TimeProvider time, NotebookRunOptions? options = null)
{
    private readonly NotebookRunOptions _options = options ?? new();

    /// <summary>
    /// Runs the cells until one fails, unless errors are allowed, and writes their results to the notebook. The error
    /// of a failed cell is its last output, and the cells after it are reset to not run. Blank code cells are skipped,
    /// as in Jupyter.
    /// </summary>
    /// <param name="notebook">The notebook. Relative paths in <c>#r</c> start at its folder.</param>
    /// <param name="progress">
    /// Receives a report when a cell starts, writes text, or ends. The calls are never concurrent.
    /// </param>
    /// <param name="cancellationToken">
    /// A token that interrupts the running cell, which then counts as failed, and ends the run.
    /// </param>
    public async Task<NotebookRun> RunAsync(
        NotebookDocument notebook,
        IProgress<CellProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var recorder = new NotebookRecorder(notebook, progress);
        using var session = new ScriptSession(Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!);
        var run = await RunAsync(session, notebook, recorder, cancellationToken);
        // Applied at the end, because a cell may update a display of an earlier one.
        recorder.Apply();
        return run;
    }

    /// <summary>
    /// Runs the cells in a session until one fails, unless errors are allowed, without changing the notebook.
    /// </summary>
    internal async Task<NotebookRun> RunAsync(
        ScriptSession session, NotebookDocument notebook, IRunSink sink, CancellationToken cancellationToken)
    {
        NotebookCell[] cells = [.. notebook.CellsToRun()];
        var failures = 0;
        foreach (var (index, cell) in cells.Index())
        {
            var begin = new CellProgress(
                index + 1,
                cells.Length,
                CellStage.Started,
                time.GetUtcNow(),
                TimeSpan.Zero,
                CellTitle.From(cell.Source));
            var outputs = sink.Begin(begin);
            var (value, error) = await RunCellAsync(session, notebook.CodeOf(cell), outputs, cancellationToken);
            if (value is not null) outputs.Add(new ResultOutput(begin.Number, value));
            if (error is not null) outputs.Add(new ErrorOutput(error.Name, error.Message, error.Traceback));
            var end = time.GetUtcNow();
            sink.End(begin with { Stage = error is null ? CellStage.Succeeded : CellStage.Failed, At = end, Elapsed = end - begin.At });
            if (error is null) continue;
            failures++;
            if (!_options.AllowErrors || cancellationToken.IsCancellationRequested) return new(cell, error, failures);
        }

        return new(null, null, failures);
    }

    private async Task<(MimeBundle? Value, CellError? Error)> RunCellAsync(
        ScriptSession session, string code, IOutputSink outputs, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.CellTimeout ?? Timeout.InfiniteTimeSpan, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var result = await session.RunAsync(new CellRequest(code, null, outputs, null), stop.Token);
        var isLate = result.Error is { Kind: CellErrorKind.Interrupted }
            && limit.IsCancellationRequested
            && !cancellationToken.IsCancellationRequested;
        return (result.Value, isLate ? TimedOut(_options.CellTimeout!.Value) : result.Error);
    }

    private static CellError TimedOut(TimeSpan limit)
    {
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"The cell ran for longer than {limit.TotalSeconds:0.###} s, the time limit of a cell, and was stopped.");
        return new(CellErrorKind.Interrupted, "CellTimeout", message, [message]);
    }
}
