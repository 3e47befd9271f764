namespace MnistLab.Kernel.Running;

/// <summary>Represents the end of the process of a notebook.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Failures">The number of failed cells; null if the process ended before it reported the number.</param>
/// <param name="WasOverdue">Whether the process was killed because a cell did not stop in time.</param>
internal sealed record NotebookProcessEnd(int ExitCode, int? Failures, bool WasOverdue);
