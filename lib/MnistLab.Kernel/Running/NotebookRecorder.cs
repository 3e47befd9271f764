using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>
/// Records the outputs of a run, and can write them to the notebook at any time, so that an aborted run keeps its
/// outputs so far.
/// </summary>
internal sealed class NotebookRecorder(NotebookDocument notebook, IProgress<CellProgress>? progress) : IRunSink
{
    private readonly Lock _lock = new();
    private readonly NotebookCell[] _cells = [.. notebook.CellsToRun()];
    private readonly List<RecordedCell> _runs = [];

    /// <summary>Gets the progress of the cell that began last and has not ended; null if there is none.</summary>
    public CellProgress? Running
    {
        get
        {
            lock (_lock) return _runs is [.., { End: null } last] ? last.Begin : null;
        }
    }

    public ICellSink Begin(CellProgress progress)
    {
        var cell = new RecordedCell(this, progress);
        lock (_lock) _runs.Add(cell);
        Report(progress);
        return cell;
    }

    public void End(CellProgress progress)
    {
        lock (_lock) _runs[^1].End = progress;
        Report(progress);
    }

    /// <summary>Ends the running cell, if any, with an error that the run itself could not report.</summary>
    public void Fail(ErrorOutput error, DateTimeOffset at)
    {
        if (Running is not { } begun) return;
        RecordedCell last;
        lock (_lock) last = _runs[^1];
        last.Add(error);
        End(begun with { Stage = CellStage.Failed, At = at, Elapsed = at - begun.At });
    }

    /// <summary>Writes the results so far to the notebook, and resets the cells that have not run.</summary>
    public void Apply()
    {
        foreach (var cell in notebook.Cells.Where(cell => cell.Kind == CellKind.Code)) cell.SetResult(null, []);
        foreach (var (index, run) in Runs().Index())
        {
            _cells[index].SetResult(run.Begin.Number, run.Outputs.Snapshot());
            if (run.End is not null) _cells[index].Times = new(run.Begin.At, run.End.At);
        }
    }

    private IReadOnlyList<RecordedCell> Runs()
    {
        lock (_lock) return [.. _runs];
    }

    // Serializes the reports, because a cell may write from several threads.
    private void Report(CellProgress value)
    {
        if (progress is null) return;
        lock (progress) progress.Report(value);
    }

    private sealed class RecordedCell(NotebookRecorder recorder, CellProgress begin) : ICellSink
    {
        public CellProgress Begin => begin;

        public CellProgress? End { get; set; }

        public OutputCollector Outputs { get; } = new();

        public void Add(NotebookOutput output) => Outputs.Add(output);

        public void Write(StreamName stream, string text)
        {
            Outputs.Write(stream, text);
            // Text of background work of an earlier cell is not reported as output of the running cell.
            if (ReferenceEquals(recorder.Running, begin))
                recorder.Report(begin with { Stage = CellStage.Wrote, Text = text });
        }

        public void Display(MimeBundle data, string displayId) => Outputs.Display(data, displayId);

        public void UpdateDisplay(MimeBundle data, string displayId)
        {
            foreach (var cell in recorder.Runs()) cell.Outputs.UpdateDisplay(data, displayId);
        }

        public void ClearOutput(bool wait) => Outputs.ClearOutput(wait);
    }
}
