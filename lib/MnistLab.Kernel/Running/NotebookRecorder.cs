namespace MnistLab.Kernel;

/// <summary>Keeps what a run makes, and puts it into the notebook, at any time: a run that is cut off has its outputs so far.</summary>
internal sealed class NotebookRecorder(NotebookDocument notebook, IProgress<CellProgress>? progress) : IRunSink
{
    private readonly Lock _lock = new();
    private readonly NotebookCell[] _cells = [.. notebook.CellsToRun()];
    private readonly OutputCollector _outputs = new();
    private readonly List<(CellProgress Begin, CellProgress? End)> _runs = [];

    /// <summary>The cell that was begun last, and is not at its end; null if there is none.</summary>
    public CellProgress? Running
    {
        get
        {
            lock (_lock) return _runs is [.., { Begin: var begin, End: null }] ? begin : null;
        }
    }

    public void Begin(CellProgress progress)
    {
        lock (_lock) _runs.Add((progress, null));
        _outputs.BeginCell();
        Report(progress);
    }

    public void End(CellProgress progress)
    {
        lock (_lock) _runs[^1] = (_runs[^1].Begin, progress);
        Report(progress);
    }

    public void Add(NotebookOutput output) => _outputs.Add(output);

    public void Write(StreamName stream, string text)
    {
        _outputs.Write(stream, text);
        if (Running is { } begun) Report(begun with { Stage = CellStage.Wrote, Text = text });
    }

    public void Display(MimeBundle data, string displayId) => _outputs.Display(data, displayId);

    public void UpdateDisplay(MimeBundle data, string displayId) => _outputs.UpdateDisplay(data, displayId);

    public void ClearOutput(bool wait) => _outputs.ClearOutput(wait);

    /// <summary>Ends the running cell with a failure that the run itself could not tell of.</summary>
    public void Fail(ErrorOutput error, DateTimeOffset at)
    {
        if (Running is not { } begun) return;
        Add(error);
        End(begun with { Stage = CellStage.Failed, At = at, Elapsed = at - begun.At });
    }

    /// <summary>Puts the results so far into the notebook; cells that were not reached become cells that were not run.</summary>
    public void Apply()
    {
        foreach (var cell in notebook.Cells.Where(cell => cell.Kind == CellKind.Code)) cell.SetResult(null, []);
        lock (_lock)
        {
            // What came before the first cell has no cell to show it.
            var outputs = _outputs.Snapshot();
            foreach (var (index, (begin, end)) in _runs.Index())
            {
                _cells[index].SetResult(begin.Number, outputs[index + 1]);
                if (end is not null) _cells[index].Times = new(begin.At, end.At);
            }
        }
    }

    // One at a time, in order: a cell writes from several threads.
    private void Report(CellProgress value)
    {
        if (progress is null) return;
        lock (progress) progress.Report(value);
    }
}
