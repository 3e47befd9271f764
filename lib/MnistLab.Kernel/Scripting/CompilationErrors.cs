using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using MnistLab.Kernel.Cells;
using MnistLab.Kernel.Packages;

namespace MnistLab.Kernel.Scripting;

/// <summary>Formats the errors of cells that cannot be compiled, so that their code does not run.</summary>
internal static partial class CompilationErrors
{
    /// <summary>Returns the error of a cell, or of a script that it loads, that does not compile.</summary>
    /// <param name="errors">The errors of the compiler, at least one.</param>
    /// <param name="insertion">The text that the engine inserted into the code.</param>
    /// <param name="file">The file that contains the code; for a cell, its virtual file name.</param>
    public static CellError From(IEnumerable<Diagnostic> errors, CellStart.Insertion insertion, string file)
    {
        string[] lines = [.. errors.Select(error => Describe(error, insertion, file))];
        return new(CellErrorKind.Compilation, "CompilationError", lines[0], lines);
    }

    /// <summary>Returns the error of a directive or package from the message of its exception.</summary>
    public static CellError From(Exception error) => new(
        CellErrorKind.Compilation,
        error is PackageException ? "PackageError" : "DirectiveError",
        error.Message.Split('\n')[0],
        error.Message.Split('\n'));

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

    [GeneratedRegex(@"^(?:.*[/\\])?cell \d+$")]
    private static partial Regex CellFile { get; }
}
