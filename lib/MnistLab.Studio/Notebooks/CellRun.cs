namespace MnistLab.Studio.Notebooks;

/// <summary>
/// Represents a run of a cell. It ends when the kernel has replied and is idle again, in either order.
/// </summary>
/// <param name="cell">The cell.</param>
internal sealed class CellRun(CellState cell)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the cell.</summary>
    public CellState Cell => cell;

    /// <summary>Gets or sets whether the kernel has replied.</summary>
    public bool IsReplied { get; set; }

    /// <summary>Gets or sets whether the kernel is idle again.</summary>
    public bool IsIdle { get; set; }

    /// <summary>Gets or sets the status of the reply: <c>ok</c>, <c>error</c>, or <c>aborted</c>.</summary>
    public string? Status { get; set; }

    /// <summary>Gets whether the kernel has replied and is idle again.</summary>
    public bool IsComplete => IsReplied && IsIdle;

    /// <summary>Gets the task that completes when the run ends.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Ends the run.</summary>
    /// <returns>False if it had already ended.</returns>
    public bool End() => _ended.TrySetResult();
}
