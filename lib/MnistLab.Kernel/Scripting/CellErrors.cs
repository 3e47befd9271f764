using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace MnistLab.Kernel;

/// <summary>Words failures for the person who wrote the cell: places are lines of cells, and what the engine does behind the scenes is left out.</summary>
internal static partial class CellErrors
{
    // Where the scripting engine and the runtime hand an exception on; none of it is code of the user's or of a library of theirs.
    private static readonly string[] HiddenFrames =
    [
        "   at Microsoft.CodeAnalysis.Scripting.",
        "   at MnistLab.Kernel.",
        "--- End of stack trace from previous location ---",
    ];

    /// <summary>A cell, or a script that it brings in, that does not compile.</summary>
    /// <param name="errors">What the compiler says; at least one.</param>
    /// <param name="insertion">What was inserted into the code.</param>
    /// <param name="file">The file that the code stands in, or that a cell counts as.</param>
    public static CellError Compilation(IEnumerable<Diagnostic> errors, CellStart.Insertion insertion, string file)
    {
        string[] lines = [.. errors.Select(error => Describe(error, insertion, file))];
        return new(CellErrorKind.Compilation, "CompilationError", lines[0], lines);
    }

    /// <summary>A directive that cannot be followed; its message says all that there is to say.</summary>
    public static CellError Directive(Exception error) => new(CellErrorKind.Compilation, error is PackageException ? "PackageError" : "DirectiveError", error.Message.Split('\n')[0], error.Message.Split('\n'));

    public static CellError Exception(Exception error)
    {
        // A blocking wait wraps what the awaited code threw.
        while (error is AggregateException { InnerExceptions: [var only] }) error = only;
        return new(CellErrorKind.Exception, NameOf(error), MessageOf(error), Traceback(error));
    }

    /// <summary>The message of an exception; empty if there is none, or the exception's own code fails.</summary>
    public static string MessageOf(Exception error)
    {
        try
        {
            return error.Message ?? "";
        }
        // A user's exception may override it with any code.
        catch (Exception failure) when (DisplayFault.IsOfValue(failure))
        {
            return "";
        }
    }

    public static CellError Interrupted() =>
        new(CellErrorKind.Interrupted, "KeyboardInterrupt", "The cell was interrupted.", ["The cell was interrupted."]);

    private static string Describe(Diagnostic error, CellStart.Insertion insertion, string file)
    {
        var span = error.Location.GetLineSpan();
        var (line, character) = (span.StartLinePosition.Line, span.StartLinePosition.Character);
        var isLoaded = span.Path is { Length: > 0 } path && path != file;
        if (!isLoaded) character = insertion.CharacterBefore(line, character);
        var named = isLoaded ? span.Path : CellFile.IsMatch(file) ? "" : file;
        var message = error.GetMessage(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{named}({line + 1},{character + 1}): error {error.Id}: {message}");
    }

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
        catch (Exception failure) when (DisplayFault.IsOfValue(failure))
        {
            // Then the runtime's own words have to do.
        }

        return $"{NameOf(error)}: {MessageOf(error)}\n{error.StackTrace}".TrimEnd();
    }

    // A cell counts as a file of the notebook's folder. Its statements are compiled into the method <Initialize> of a class of the cell.
    [GeneratedRegex(@"^   at Submission#\d+\.(?:<<Initialize>>d__\d+\.MoveNext|<Initialize>)\(\) in (?:.*[/\\])?cell (\d+):line (\d+)$")]
    private static partial Regex TopLevelFrame { get; }

    [GeneratedRegex(@"^   at Submission#\d+\.(.+?) in (?:.*[/\\])?cell (\d+):line (\d+)$")]
    private static partial Regex CellFrame { get; }

    // The scripts that a cell brings in.
    [GeneratedRegex(@"^   at Submission#\d+\.(?:<<Initialize>>d__\d+\.MoveNext|<Initialize>)\(\) in (.+):line (\d+)$")]
    private static partial Regex TopLevelFrameOfFile { get; }

    [GeneratedRegex(@"^   at Submission#\d+\.(.+?) in (.+):line (\d+)$")]
    private static partial Regex FrameOfFile { get; }

    [GeneratedRegex(@"^(?:.*[/\\])?cell \d+$")]
    private static partial Regex CellFile { get; }

    // What a cell declares lies in the class that the engine makes of the cell.
    [GeneratedRegex(@"\bSubmission#\d+[+.](?!<)")]
    private static partial Regex CellClass { get; }
}
