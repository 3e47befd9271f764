using System.Globalization;

namespace MnistLab.Kernel;

/// <summary>
/// A directive of a cell that cannot be followed; the message has its line, what is wrong, and what to do.
/// </summary>
internal sealed class CellDirectiveException(int line, string problem)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"({line},1): error: {problem}"));
