namespace MnistLab.Kernel.Documents;

/// <summary>
/// Represents the start and end of an execution of a cell, which Jupyter keeps in <c>metadata.execution</c> of the
/// cell.
/// </summary>
/// <param name="Started">The time at which the kernel started the cell (<c>iopub.execute_input</c>).</param>
/// <param name="Finished">The time at which the kernel finished the cell (<c>shell.execute_reply</c>).</param>
public sealed record ExecutionTimes(DateTimeOffset Started, DateTimeOffset Finished)
{
    /// <summary>Gets the duration of the execution; zero, not negative, if the clock was set back meanwhile.</summary>
    public TimeSpan Duration => Finished > Started ? Finished - Started : TimeSpan.Zero;
}
