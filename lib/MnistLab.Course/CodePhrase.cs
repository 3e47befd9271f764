using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace MnistLab.Course;

/// <summary>
/// Represents a phrase in a cell's code: a comment, or the text between the quotation marks of a string.
/// </summary>
/// <param name="Start">The index in the code at which the phrase starts.</param>
/// <param name="Text">The phrase, as written in the code.</param>
/// <param name="Kind">The kind of phrase: a comment, a string, or an interpolated string.</param>
internal sealed partial record CodePhrase(int Start, string Text, SyntaxKind Kind)
{
    /// <summary>
    /// Gets whether the phrase is prose for readers: every comment, and every string that contains a word and a space.
    /// </summary>
    public bool IsProse => Kind == SyntaxKind.SingleLineCommentTrivia
        || (Words(Text) is var words && words.Contains(' ') && Word().IsMatch(words));

    /// <summary>
    /// Gets the interpolations of an interpolated string, with their formats, such as <c>{count:N0}</c>.
    /// </summary>
    public IReadOnlyList<string> Holes => HolesOf(Text);

    /// <summary>Returns the phrases in code, in order. Raw and verbatim strings are not phrases.</summary>
    public static IReadOnlyList<CodePhrase> In(string code)
    {
        var root = CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(kind: SourceCodeKind.Script)).GetRoot();
        var comments = root.DescendantTrivia()
            .Where(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia))
            .Select(trivia => Create(code, trivia.Span, SyntaxKind.SingleLineCommentTrivia));
        var strings = root.DescendantNodes(node => node is not InterpolatedStringExpressionSyntax).Select(node => node switch
        {
            LiteralExpressionSyntax literal when literal.Token.IsKind(SyntaxKind.StringLiteralToken)
                && literal.Token.Text[0] == '"' => Create(code, Inner(literal.Span), SyntaxKind.StringLiteralToken),
            InterpolatedStringExpressionSyntax { Contents.Count: > 0 } interpolated when interpolated.StringStartToken.IsKind(
                SyntaxKind.InterpolatedStringStartToken) =>
                Create(code, interpolated.Contents.FullSpan, SyntaxKind.InterpolatedStringExpression),
            _ => null,
        });
        return [.. comments.Concat(strings.OfType<CodePhrase>()).OrderBy(phrase => phrase.Start)];
    }

    /// <summary>Returns the interpolations in a translation of this phrase.</summary>
    public IReadOnlyList<string> HolesOf(string translated) => Kind == SyntaxKind.InterpolatedStringExpression
        ? [.. SyntaxFactory
            .ParseExpression($"$\"{translated}\"")
            .DescendantNodes()
            .OfType<InterpolationSyntax>()
            .Where(hole => hole.Parent?.Parent is not InterpolationSyntax)
            .Select(hole => hole.ToString())]
        : [];

    private static CodePhrase Create(string code, TextSpan span, SyntaxKind kind) =>
        new(span.Start, code.Substring(span.Start, span.Length), kind);

    private static TextSpan Inner(TextSpan literal) => TextSpan.FromBounds(literal.Start + 1, literal.End - 1);

    private string Words(string text) => Holes.Aggregate(text, (rest, hole) => rest.Replace(hole, "", StringComparison.Ordinal));

    [GeneratedRegex(@"\p{L}{2}")]
    private static partial Regex Word();
}
