namespace MnistLab.Kernel;

/// <summary>When a cell was run; Jupyter keeps it in the cell's <c>metadata.execution</c>.</summary>
/// <param name="Started">When the kernel took up the cell (<c>iopub.execute_input</c>).</param>
/// <param name="Finished">When it was done with it (<c>shell.execute_reply</c>).</param>
public sealed record ExecutionTimes(DateTimeOffset Started, DateTimeOffset Finished)
{
    /// <summary>How long the cell ran; never negative, even if the clock was set back meanwhile.</summary>
    public TimeSpan Duration => Finished > Started ? Finished - Started : TimeSpan.Zero;
}
