using System.Reflection;

namespace MnistLab.Kernel;

/// <summary>Keeps a value that fails while it is formatted from spoiling what is displayed around it.</summary>
internal static class DisplayFault
{
    /// <summary>Whether the value failed. False if the cell was interrupted: then nothing more is to be formatted.</summary>
    public static bool IsOfValue(Exception error) =>
        error is not (ThreadAbortException or ThreadInterruptedException)
        && CellScope.Current?.CancellationToken.IsCancellationRequested != true;

    /// <summary>Returns what is displayed in place of the value: the type of the exception and its message.</summary>
    public static string TextOf(Exception error)
    {
        while (error is TargetInvocationException { InnerException: { } inner }) error = inner;
        return $"({error.GetType().Name}: {CellErrors.MessageOf(error)})";
    }

    /// <summary>Returns a text that the value's own code makes, or what is displayed in its place.</summary>
    public static string? TextOrFault(Func<string?> text)
    {
        try
        {
            return text();
        }
        // What a value does while it is formatted is code of a user or of any library.
        catch (Exception error) when (IsOfValue(error))
        {
            return TextOf(error);
        }
    }
}
