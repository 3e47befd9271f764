using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MnistLab.Kernel;

/// <summary>Describes the call whose arguments are being written: every overload, and what its documentation says.</summary>
internal static class Signatures
{
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.MinimallyQualifiedFormat.WithParameterOptions(
        SymbolDisplayFormat.MinimallyQualifiedFormat.ParameterOptions | SymbolDisplayParameterOptions.IncludeDefaultValue);

    /// <summary>The overloads of the innermost call around the place; null if it is in no argument list.</summary>
    public static async Task<CellDescription?> DescribeAsync(Document document, int position, CancellationToken cancellationToken)
    {
        var root = (await document.GetSyntaxRootAsync(cancellationToken))!;
        var token = root.FindToken(Math.Max(0, position - 1));
        var list = token.Parent?.AncestorsAndSelf().OfType<BaseArgumentListSyntax>().FirstOrDefault(list => list.SpanStart < position);
        if (list?.Parent is not { } call || await document.GetSemanticModelAsync(cancellationToken) is not { } model) return null;

        IMethodSymbol[] overloads = [.. Overloads(model, call, cancellationToken).OfType<IMethodSymbol>()];
        return overloads.Length == 0 ? null : Describe(model, position, overloads, cancellationToken);
    }

    private static IEnumerable<ISymbol> Overloads(SemanticModel model, SyntaxNode call, CancellationToken cancellationToken) => call switch
    {
        InvocationExpressionSyntax invocation => model.GetMemberGroup(invocation.Expression, cancellationToken),
        BaseObjectCreationExpressionSyntax creation => model.GetTypeInfo(creation, cancellationToken).Type is INamedTypeSymbol type
            ? type.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public)
            : [],
        _ => [],
    };

    private static CellDescription Describe(SemanticModel model, int position, IReadOnlyList<IMethodSymbol> overloads, CancellationToken cancellationToken)
    {
        var (text, markdown) = (new StringBuilder(), new StringBuilder());
        foreach (var overload in overloads)
        {
            var signature = overload.ToMinimalDisplayString(model, position, Format);
            var documentation = DocumentationText.Lines(overload.GetDocumentationCommentXml(expandIncludes: true, cancellationToken: cancellationToken));
            text.Append(signature).Append('\n');
            markdown.Append("```csharp\n").Append(signature).Append("\n```\n");
            foreach (var line in documentation)
            {
                text.Append("    ").Append(line).Append('\n');
                markdown.Append(line).Append("\n\n");
            }
        }

        return new(text.ToString().TrimEnd(), markdown.ToString().TrimEnd());
    }
}
