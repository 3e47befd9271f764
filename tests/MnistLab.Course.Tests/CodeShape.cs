using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MnistLab.Course.Tests;

/// <summary>
/// Code without what a translation may change: the comments, and the text of strings. What strings insert stays, in any
/// order.
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
