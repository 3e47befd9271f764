namespace MnistLab.Kernel;

/// <summary>How far the run of a notebook has come.</summary>
/// <param name="Number">The cell's number among the cells that are run, from 1; also its execution count.</param>
/// <param name="Count">How many cells are to be run: those that hold code.</param>
/// <param name="Stage">How far the cell has come.</param>
/// <param name="At">When it had come so far.</param>
/// <param name="Elapsed">How long the cell has run.</param>
/// <param name="Title">What to call the cell: the first line of its code that says something.</param>
/// <param name="Text">What it wrote to the console since the report before, if the stage is <see cref="CellStage.Wrote"/>; else null.</param>
public sealed record CellProgress(int Number, int Count, CellStage Stage, DateTimeOffset At, TimeSpan Elapsed, string Title, string? Text = null);
