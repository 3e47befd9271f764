using System.Text.RegularExpressions;

namespace MnistLab.Kernel.Cells;

/// <summary>
/// Formats errors for the author of a cell: positions are lines of cells, and the internals of the engine are omitted.
/// </summary>
internal static partial class CellErrors
{
    // Frames of the scripting engine and the runtime, which are not code of the user or of a library.
    private static readonly string[] HiddenFrames =
    [
        "   at Microsoft.CodeAnalysis.Scripting.",
        "   at MnistLab.Kernel.",
        "--- End of stack trace from previous location ---",
    ];

    public static CellError Exception(Exception error)
    {
        // A blocking wait wraps the exception of the awaited code.
        while (error is AggregateException { InnerExceptions: [var only] }) error = only;
        return new(CellErrorKind.Exception, NameOf(error), MessageOf(error), Traceback(error));
    }

    /// <summary>
    /// Returns the message of an exception; empty if it is null, or if getting it throws an exception.
    /// </summary>
    public static string MessageOf(Exception error)
    {
        try
        {
            return error.Message ?? "";
        }
        // An exception type of the user may override Message with any code.
        catch (Exception failure) when (!CellScope.IsInterruption(failure))
        {
            return "";
        }
    }

    public static CellError Interrupted() =>
        new(CellErrorKind.Interrupted, "KeyboardInterrupt", "The cell was interrupted.", ["The cell was interrupted."]);

    private static string[] Traceback(Exception error) =>
    [
        .. TextOf(error)
            .Split('\n')
            .Select(line => line.TrimEnd('\r'))
            .Where(line => !HiddenFrames.Any(hidden => line.StartsWith(hidden, StringComparison.Ordinal)))
            .Select(line => TopLevelFrame.Replace(line, "   at cell $1, line $2"))
            .Select(line => CellFrame.Replace(line, "   at $1 in cell $2, line $3"))
            .Select(line => TopLevelFrameOfFile.Replace(line, "   at $1, line $2"))
            .Select(line => FrameOfFile.Replace(line, "   at $1 in $2, line $3"))
            .Select(WithoutCellClass),
    ];

    private static string NameOf(Exception error) =>
        WithoutCellClass(error.GetType().FullName ?? error.GetType().Name);

    private static string WithoutCellClass(string text) => CellClass.Replace(text, "");

    private static string TextOf(Exception error)
    {
        try
        {
            if (error.ToString() is { } text) return text;
        }
        catch (Exception failure) when (!CellScope.IsInterruption(failure))
        {
            // The text is composed from the parts instead.
        }

        return $"{NameOf(error)}: {MessageOf(error)}\n{error.StackTrace}".TrimEnd();
    }

    // A cell has a virtual file in the folder of the notebook. Its statements are compiled into the method <Initialize>
    // of a class for the cell.
    [GeneratedRegex(@"^   at Submission#\d+\.(?:<<Initialize>>d__\d+\.MoveNext|<Initialize>)\(\) in (?:.*[/\\])?cell (\d+):line (\d+)$")]
    private static partial Regex TopLevelFrame { get; }

    [GeneratedRegex(@"^   at Submission#\d+\.(.+?) in (?:.*[/\\])?cell (\d+):line (\d+)$")]
    private static partial Regex CellFrame { get; }

    // Frames of the scripts that a cell loads.
    [GeneratedRegex(@"^   at Submission#\d+\.(?:<<Initialize>>d__\d+\.MoveNext|<Initialize>)\(\) in (.+):line (\d+)$")]
    private static partial Regex TopLevelFrameOfFile { get; }

    [GeneratedRegex(@"^   at Submission#\d+\.(.+?) in (.+):line (\d+)$")]
    private static partial Regex FrameOfFile { get; }

    // The declarations of a cell are members of the class that the engine generates for the cell.
    [GeneratedRegex(@"\bSubmission#\d+[+.](?!<)")]
    private static partial Regex CellClass { get; }
}
