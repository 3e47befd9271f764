using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MnistLab.Kernel.Directives;

/// <summary>
/// Finds the directives of a cell or a <c>.dib</c> file. C# is scanned by the compiler's lexer, so a line within a
/// string or a comment is not a directive, and one in an inactive <c>#if</c> section is marked as inactive. In any
/// other language, a line that begins with the name of a known directive is a directive.
/// </summary>
internal static partial class DirectiveScanner
{
    /// <summary>Finds the directives, from top to bottom.</summary>
    /// <param name="text">The text.</param>
    /// <param name="language">The language at the beginning of the text.</param>
    public static IReadOnlyList<CellDirective> Find(string text, string language = CellLanguage.CSharp)
    {
        var lines = new Lines(text);
        var found = new List<CellDirective>();
        int? next = 0;
        while (next is { } start)
        {
            next = null;
            foreach (var directive in language == CellLanguage.CSharp ? InCSharp(text, start, lines) : InOtherText(lines, start))
            {
                found.Add(directive);
                if (directive.Language is null) continue;
                (language, next) = (directive.Language, directive.End);
                break;
            }
        }

        return found;
    }

    private static IEnumerable<CellDirective> InCSharp(string text, int position, Lines lines)
    {
        foreach (var token in SyntaxFactory.ParseTokens(text, position, position, CSharpDialect.ParseOptions))
        {
            foreach (var directive in token.LeadingTrivia.Select(trivia => trivia.GetStructure()).OfType<DirectiveTriviaSyntax>())
            {
                var start = lines.StartOf(directive.HashToken.SpanStart);
                if ((lines.Read(start) ?? (directive.IsActive ? null : lines.ReadForCompiler(start))) is { } read)
                    yield return read with { IsActive = directive.IsActive };
            }

            if (EndlessFrom(token, text.Length) is not { } endless) continue;
            foreach (var directive in InOtherText(lines, endless)) yield return directive;
        }
    }

    // An unterminated string or comment is an error in its part only; it must not swallow the following parts.
    private static int? EndlessFrom(SyntaxToken token, int end)
    {
        if (token.FullSpan.End != end) return null;
        if (IsEndless(token)) return token.SpanStart;
        var comment = token.LeadingTrivia.Concat(token.TrailingTrivia).LastOrDefault();
        return comment.ContainsDiagnostics && !comment.IsDirective ? comment.SpanStart : null;
    }

    // The lexer reports every kind of unterminated string except multi-line raw strings.
    private static bool IsEndless(SyntaxToken token) => token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken)
        ? !token.Text.EndsWith(token.Text[..^token.Text.TrimStart('"').Length], StringComparison.Ordinal)
        : token.GetDiagnostics().Any() && token.Text.Contains('"', StringComparison.Ordinal);

    private static IEnumerable<CellDirective> InOtherText(Lines lines, int start) =>
        lines.From(start).Select(lines.Read).OfType<CellDirective>().Where(CellSource.IsKnown);

    [GeneratedRegex(@"\G[^\S\n]*(?<name>#!(?!/)[^\s]+)(?<arguments>[^\n]*)")]
    private static partial Regex Named { get; }

    [GeneratedRegex("""\G[^\S\n]*(?<name>\#[ri])\s+(?<arguments>"nuget:[^\n]*)""", RegexOptions.IgnoreCase)]
    private static partial Regex Package { get; }

    [GeneratedRegex(@"\G[^\S\n]*(?<name>\#[^\S\n]*(?:load|r))\b(?<arguments>[^\n]*)")]
    private static partial Regex OfCompiler { get; }

    private sealed class Lines(string text)
    {
        public int StartOf(int position) => position == 0 ? 0 : text.LastIndexOf('\n', position - 1) + 1;

        public IEnumerable<int> From(int position)
        {
            for (var start = StartOf(position); start < text.Length; start = EndOf(start))
            {
                if (start >= position) yield return start;
            }
        }

        /// <summary>
        /// Returns the directive of the line that begins at a position; null if the line is not a directive of the
        /// kernel.
        /// </summary>
        public CellDirective? Read(int start)
        {
            var match = Named.Match(text, start);
            return Directive(start, match.Success ? match : Package.Match(text, start));
        }

        /// <summary>
        /// Returns the compiler's directive (<c>#load</c> or <c>#r</c>) of the line that begins at a position; null if
        /// there is none. The compiler processes these in inactive sections as well.
        /// </summary>
        public CellDirective? ReadForCompiler(int start) => Directive(start, OfCompiler.Match(text, start));

        private CellDirective? Directive(int start, Match match)
        {
            if (!match.Success) return null;
            var number = 1 + text.AsSpan(0, start).Count('\n');
            return new(number, start, EndOf(start), match.Groups["name"].Value, match.Groups["arguments"].Value.Trim());
        }

        private int EndOf(int start) => text.IndexOf('\n', start) is var end and >= 0 ? end + 1 : text.Length;
    }
}
