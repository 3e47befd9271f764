namespace MnistLab.Kernel;

/// <summary>
/// Keeps what a run makes, and puts it into the notebook, at any time: a run that is cut off has its outputs so far.
/// </summary>
internal sealed class NotebookRecorder(NotebookDocument notebook, IProgress<CellProgress>? progress) : IRunSink
{
    private readonly Lock _lock = new();
    private readonly NotebookCell[] _cells = [.. notebook.CellsToRun()];
    private readonly List<RecordedCell> _runs = [];

    /// <summary>Gets the cell that was begun last and has not ended; null if there is none.</summary>
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

    /// <summary>Ends the running cell with a failure that the run itself could not tell of.</summary>
    public void Fail(ErrorOutput error, DateTimeOffset at)
    {
        if (Running is not { } begun) return;
        RecordedCell last;
        lock (_lock) last = _runs[^1];
        last.Add(error);
        End(begun with { Stage = CellStage.Failed, At = at, Elapsed = at - begun.At });
    }

    /// <summary>
    /// Puts the results so far into the notebook; cells that were not reached become cells that were not run.
    /// </summary>
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

    // One at a time, in order: a cell writes from several threads.
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
            // Work that has outlived its cell does not show as that of the running one.
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
