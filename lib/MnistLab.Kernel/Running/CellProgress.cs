namespace MnistLab.Kernel.Running;

/// <summary>Represents the progress of the run of a notebook.</summary>
/// <param name="Number">
/// The 1-based number of the cell among the cells to run, which is also its execution count.
/// </param>
/// <param name="Count">The number of cells to run, which are those that contain code.</param>
/// <param name="Stage">The stage of the cell.</param>
/// <param name="At">The time at which the cell reached the stage.</param>
/// <param name="Elapsed">The elapsed time of the cell.</param>
/// <param name="Title">The title of the cell, which is the first significant line of its code.</param>
/// <param name="Text">
/// The text that the cell has written since the previous report, if the stage is <see cref="CellStage.Wrote"/>;
/// otherwise, null.
/// </param>
public sealed record CellProgress(
    int Number, int Count, CellStage Stage, DateTimeOffset At, TimeSpan Elapsed, string Title, string? Text = null);
