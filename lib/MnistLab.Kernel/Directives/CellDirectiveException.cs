using System.Globalization;

namespace MnistLab.Kernel;

/// <summary>
/// A directive that cannot be followed; the message has its line, that of its file where it is not the cell's, what is
/// wrong, and what to do.
/// </summary>
internal sealed class CellDirectiveException(int line, string problem, string? file = null)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"{file}({line},1): error: {problem}"))
{
    /// <summary>Returns the same error of a directive in a file that a cell brought in.</summary>
    public CellDirectiveException In(string ofFile) => new(line, problem, file ?? ofFile);
}
