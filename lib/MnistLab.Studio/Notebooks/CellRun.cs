namespace MnistLab.Studio.Notebooks;

/// <summary>A run of a cell. It has ended when the kernel has replied and is idle again, in either order.</summary>
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

    /// <summary>Gets or sets how it ended: <c>ok</c>, <c>error</c>, or <c>aborted</c>.</summary>
    public string? Status { get; set; }

    /// <summary>Gets whether both have happened.</summary>
    public bool IsComplete => IsReplied && IsIdle;

    /// <summary>Gets the task that completes when it has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Ends it.</summary>
    /// <returns>Whether it had not ended before.</returns>
    public bool End() => _ended.TrySetResult();
}
