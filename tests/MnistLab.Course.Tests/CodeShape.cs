using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MnistLab.Course.Tests;

/// <summary>
/// Extracts the code that a translation must not change: everything except comments and the text of strings. The
/// interpolations of strings are kept, in any order.
/// </summary>
internal static class CodeShape
{
    public static string Of(string code)
    {
        var root = CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(kind: SourceCodeKind.Script)).GetRoot();
        return string.Join(' ', Parts(root));
    }

    private static IEnumerable<string> Parts(SyntaxNodeOrToken part) => part switch
    {
        _ when part.AsNode() is InterpolatedStringExpressionSyntax text =>
            ["$\"", .. text.Contents.OfType<InterpolationSyntax>().Select(hole => hole.ToString()).Order(StringComparer.Ordinal), "\""],
        _ when part.AsToken() is var token && token.IsKind(SyntaxKind.StringLiteralToken) => ["\"\""],
        { IsToken: true } => [part.AsToken().Text],
        _ => part.ChildNodesAndTokens().SelectMany(Parts),
    };
}
