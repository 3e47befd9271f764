using System.Globalization;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Kernel.Scripting;

namespace MnistLab.Kernel.Interactive;

/// <summary>Reports the compiler's diagnostics of submitted code, at their positions in the submitted code.</summary>
internal static class SubmissionDiagnostics
{
    /// <summary>Returns the event that reports the diagnostics, even if there are none.</summary>
    public static DiagnosticsProduced From(ScriptResult result, SubmitCode command)
    {
        Diagnostic[] found = [.. result.Diagnostics.Select(Diagnostic.FromCodeAnalysisDiagnostic).Select(AsSubmitted)];
        return new(found, [.. found.Select(diagnostic => new FormattedValue(PlainTextFormatter.MimeType, Text(diagnostic)))], command);

        Diagnostic AsSubmitted(Diagnostic compiled) => new(
            new(Place(compiled.LinePositionSpan.Start), Place(compiled.LinePositionSpan.End)),
            compiled.Severity,
            compiled.Code,
            compiled.Message);

        LinePosition Place(LinePosition compiled) =>
            new(compiled.Line, result.Insertion.CharacterBefore(compiled.Line, compiled.Character));
    }

    private static string Text(Diagnostic diagnostic)
    {
        var (line, character) = (diagnostic.LinePositionSpan.Start.Line + 1, diagnostic.LinePositionSpan.Start.Character + 1);
        var severity = diagnostic.Severity.ToString().ToLowerInvariant();
        return string.Create(CultureInfo.InvariantCulture, $"({line},{character}): {severity} {diagnostic.Code}: {diagnostic.Message}");
    }
}
