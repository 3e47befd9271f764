namespace MnistLab.Kernel.Running;

/// <summary>Represents the reason why a notebook did not run to the end.</summary>
/// <param name="CellNumber">
/// The 1-based number of the failed cell among the cells with code; null if the process ended outside a cell.
/// </param>
/// <param name="Source">The code of that cell; null if there is none.</param>
/// <param name="Message">The error of the cell, or a description of how the process ended.</param>
/// <param name="Details">
/// The lines of the traceback, or the last lines that the process wrote to standard error or outside a cell.
/// </param>
/// <param name="IsInterruption">Whether the run was interrupted on request.</param>
/// <param name="ExitCode">
/// The exit code of the process: 1 if a cell failed; otherwise, that of a process that ended unexpectedly.
/// </param>
public sealed record NotebookFailure(
    int? CellNumber, string? Source, string Message, IReadOnlyList<string> Details, bool IsInterruption, int ExitCode);
