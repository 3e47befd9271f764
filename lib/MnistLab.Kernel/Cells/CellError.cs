namespace MnistLab.Kernel.Cells;

/// <summary>Represents the error of a cell.</summary>
/// <param name="Kind">The kind of the error: compilation, exception, or interruption.</param>
/// <param name="Name">
/// The full name of the type of the exception; otherwise, a name such as <c>CompilationError</c>, or
/// <c>KeyboardInterrupt</c> as in Jupyter.
/// </param>
/// <param name="Message">The message of the exception, or the first error of the compiler.</param>
/// <param name="Traceback">
/// The lines to show to the user: all errors of the compiler with their lines and columns, or the exceptions with their
/// stack traces in terms of cells.
/// </param>
public sealed record CellError(CellErrorKind Kind, string Name, string Message, IReadOnlyList<string> Traceback);
