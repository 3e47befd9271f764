namespace MnistLab.Kernel;

/// <summary>Why a cell failed.</summary>
/// <param name="Kind">What failed: compiling, running, or nothing (the cell was interrupted).</param>
/// <param name="Name">The full name of the exception's type; <c>CompilationError</c>; <c>KeyboardInterrupt</c> as Jupyter has it.</param>
/// <param name="Message">The exception's message, or the first thing that the compiler objects to.</param>
/// <param name="Traceback">For the reader, line by line: every objection of the compiler with its line and column, or the exceptions with the lines of the cells that they passed.</param>
public sealed record CellError(CellErrorKind Kind, string Name, string Message, IReadOnlyList<string> Traceback);
