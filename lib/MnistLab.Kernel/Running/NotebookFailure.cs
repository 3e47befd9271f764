namespace MnistLab.Kernel;

/// <summary>Why a notebook did not run to its end.</summary>
/// <param name="CellNumber">The number of the failing cell among the cells with code, from 1; null if the process ended before the first.</param>
/// <param name="Source">That cell's code.</param>
/// <param name="Message">The cell's error, or how the process ended.</param>
/// <param name="Details">The traceback line by line, or the last lines that the process wrote to its standard error.</param>
/// <param name="IsInterruption">Whether it was stopped on request.</param>
/// <param name="ExitCode">The exit code of the notebook's process: 1 if a cell failed; else the process itself ended.</param>
public sealed record NotebookFailure(int? CellNumber, string? Source, string Message, IReadOnlyList<string> Details, bool IsInterruption, int ExitCode);
