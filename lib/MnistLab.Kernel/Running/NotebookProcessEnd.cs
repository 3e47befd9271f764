namespace MnistLab.Kernel;

/// <summary>How the process of a notebook ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Failures">How many cells failed; null if it did not get to say so.</param>
/// <param name="WasOverdue">Whether it was killed because a cell that was to stop did not.</param>
internal sealed record NotebookProcessEnd(int ExitCode, int? Failures, bool WasOverdue);
