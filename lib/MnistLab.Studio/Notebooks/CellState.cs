using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Jupyter;
using MnistLab.Studio.Outputs;

namespace MnistLab.Studio.Notebooks;

/// <summary>Represents a cell of an open notebook.</summary>
internal sealed class CellState
{
    private readonly List<OutputState> _outputs;

    /// <summary>Initializes the state of a cell that is not running.</summary>
    public CellState(NotebookCell cell)
    {
        Cell = cell;
        ExecutionCount = cell.ExecutionCount;
        Duration = cell.Times?.Duration;
        _outputs = [.. cell.Outputs.Select(output => new OutputState(output))];
    }

    /// <summary>Occurs when the text, the state, or the outputs of the cell change.</summary>
    public event Action? Changed;

    /// <summary>Gets or sets the cell in the document.</summary>
    public NotebookCell Cell { get; set; }

    /// <summary>Gets the ID of the cell.</summary>
    public string Id => Cell.Id;

    /// <summary>Gets or sets whether the cell is idle, queued, or running.</summary>
    public RunState State { get; set; }

    /// <summary>Gets or sets the execution count of its last run; null if it was not run.</summary>
    public int? ExecutionCount { get; set; }

    /// <summary>Gets or sets the start time of its run.</summary>
    public DateTimeOffset Started { get; set; }

    /// <summary>Gets or sets the duration of its last run; null if unknown.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Gets or sets the ID of the request of its last run; null if this kernel has not run it.</summary>
    public string? Request { get; set; }

    /// <summary>Gets or sets the text that this kernel ran last; null if it has not run the cell.</summary>
    public string? RunSource { get; set; }

    /// <summary>Gets or sets the pending input request of the cell; null if there is none.</summary>
    public JupyterMessage? Question { get; set; }

    /// <summary>Gets or sets whether the next output replaces the existing ones.</summary>
    public bool IsClearing { get; set; }

    /// <summary>Gets or sets the results for earlier parameter values, newest first.</summary>
    public IReadOnlyList<EarlierResult> Earlier { get; set; } = [];

    /// <summary>Gets or sets whether the last result has not been written to the document yet.</summary>
    public bool HasNewResult { get; set; }

    /// <summary>Gets the outputs. Hold the lock of the session while you enumerate them.</summary>
    public List<OutputState> Outputs => _outputs;

    /// <summary>Gets whether the cell is a code cell.</summary>
    public bool IsCode => Cell.Kind == CellKind.Code;

    /// <summary>Notifies the pages of a change.</summary>
    public void Notify() => Changed?.Invoke();
}
