using System.Reflection;
using MnistLab.Kernel.Cells;

namespace MnistLab.Kernel.Display;

/// <summary>
/// Isolates exceptions of values that are being formatted, so that the values around them are still displayed.
/// </summary>
internal static class DisplayFault
{
    /// <summary>
    /// Returns whether the value caused the exception; false if the cell was interrupted, so that formatting stops.
    /// </summary>
    public static bool IsOfValue(Exception error) => !CellScope.IsInterruption(error);

    /// <summary>
    /// Returns the text that is displayed in place of the value: the type and message of the exception.
    /// </summary>
    public static string TextOf(Exception error)
    {
        while (error is TargetInvocationException { InnerException: { } inner }) error = inner;
        return $"({error.GetType().Name}: {CellErrors.MessageOf(error)})";
    }

    /// <summary>Returns the text that the code of a value produces, or the description of its exception.</summary>
    public static string? TextOrFault(Func<string?> text)
    {
        try
        {
            return text();
        }
        // Formatting runs code of the user or of any library, which may throw any exception.
        catch (Exception error) when (IsOfValue(error))
        {
            return TextOf(error);
        }
    }
}
