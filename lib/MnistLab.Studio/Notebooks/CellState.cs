using MnistLab.Kernel;
using MnistLab.Studio.Outputs;

namespace MnistLab.Studio.Notebooks;

/// <summary>A cell of an open notebook.</summary>
internal sealed class CellState
{
    private readonly List<OutputState> _outputs;

    /// <summary>Creates the state of a cell that does not run.</summary>
    public CellState(NotebookCell cell)
    {
        Cell = cell;
        ExecutionCount = cell.ExecutionCount;
        Duration = cell.Times?.Duration;
        _outputs = [.. cell.Outputs.Select(output => new OutputState(output))];
    }

    /// <summary>Occurs when the cell has changed: its text, its state, or its outputs.</summary>
    public event Action? Changed;

    /// <summary>Gets or sets the cell in the document.</summary>
    public NotebookCell Cell { get; set; }

    /// <summary>Gets the cell's id.</summary>
    public string Id => Cell.Id;

    /// <summary>Gets or sets whether it runs.</summary>
    public RunState State { get; set; }

    /// <summary>Gets or sets the number of its last run; null if it was not run.</summary>
    public int? ExecutionCount { get; set; }

    /// <summary>Gets or sets when its run began.</summary>
    public DateTimeOffset Started { get; set; }

    /// <summary>Gets or sets how long its last run took; null if that is not known.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Gets or sets the request of its last run; null if this kernel has not run it.</summary>
    public string? Request { get; set; }

    /// <summary>Gets or sets the text that this kernel has run; null if it has run none.</summary>
    public string? RunSource { get; set; }

    /// <summary>Gets or sets the question that it asks; null if it asks none.</summary>
    public JupyterMessage? Question { get; set; }

    /// <summary>Gets or sets whether its outputs are to be removed by the next one.</summary>
    public bool IsClearing { get; set; }

    /// <summary>Gets or sets the results of earlier values of the parameters, the newest first.</summary>
    public IReadOnlyList<EarlierResult> Earlier { get; set; } = [];

    /// <summary>Gets or sets whether the document does not have its last result yet.</summary>
    public bool HasNewResult { get; set; }

    /// <summary>Gets its outputs. Hold the session's lock while you enumerate them.</summary>
    public List<OutputState> Outputs => _outputs;

    /// <summary>Gets whether it is a code cell.</summary>
    public bool IsCode => Cell.Kind == CellKind.Code;

    /// <summary>Tells the pages that something has changed.</summary>
    public void Notify() => Changed?.Invoke();
}
