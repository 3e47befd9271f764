using System.Globalization;

namespace MnistLab.Kernel.Directives;

/// <summary>
/// The exception that is thrown when a directive cannot be processed. The message contains the line, the problem, and
/// the next step, preceded by the file if the directive is not in the cell itself.
/// </summary>
internal sealed class CellDirectiveException(int line, string problem, string? file = null)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"{file}({line},1): error: {problem}"))
{
    /// <summary>
    /// Returns the same error with the name of the file that contains the directive; a file that the error already
    /// names is kept.
    /// </summary>
    public CellDirectiveException In(string ofFile) => new(line, problem, file ?? ofFile);
}
