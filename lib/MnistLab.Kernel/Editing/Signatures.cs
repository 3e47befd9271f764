using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MnistLab.Kernel.Editing;

/// <summary>Describes the call whose arguments are being written: every overload with its documentation.</summary>
internal static class Signatures
{
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.MinimallyQualifiedFormat.WithParameterOptions(
        SymbolDisplayFormat.MinimallyQualifiedFormat.ParameterOptions | SymbolDisplayParameterOptions.IncludeDefaultValue);

    /// <summary>
    /// Returns a description of all overloads of the innermost call around a position; null if the position is not in
    /// an argument list.
    /// </summary>
    public static async Task<CellDescription?> DescribeAsync(Document document, int position, CancellationToken cancellationToken) =>
        await FindAsync(document, position, cancellationToken) is var (model, _, overloads)
            ? Describe(model, position, overloads, cancellationToken)
            : null;

    /// <summary>
    /// Returns the innermost call around a position, with each overload separately; null if the position is not in an
    /// argument list.
    /// </summary>
    public static async Task<CallDescription?> CallAsync(Document document, int position, CancellationToken cancellationToken)
    {
        if (await FindAsync(document, position, cancellationToken) is not var (model, list, overloads)) return null;
        var argument = list.Arguments.GetSeparators().Count(comma => comma.SpanStart < position);
        var written = Math.Max(list.Arguments.Count, argument + 1);
        var fitting = Math.Max(0, overloads.ToList().FindIndex(overload =>
            overload.Parameters.Length >= written || overload.Parameters.Any(parameter => parameter.IsParams)));
        var signatures = overloads.Select(overload => Signature(model, position, overload, cancellationToken)).ToList();
        return new(signatures, fitting, Math.Clamp(argument, 0, Math.Max(0, signatures[fitting].Parameters.Count - 1)));
    }

    private static async Task<(SemanticModel Model, BaseArgumentListSyntax List, IReadOnlyList<IMethodSymbol> Overloads)?> FindAsync(
        Document document, int position, CancellationToken cancellationToken)
    {
        var root = (await document.GetSyntaxRootAsync(cancellationToken))!;
        var token = root.FindToken(Math.Max(0, position - 1));
        var list = token.Parent?.AncestorsAndSelf().OfType<BaseArgumentListSyntax>().FirstOrDefault(list => list.SpanStart < position);
        if (list?.Parent is not { } call || await document.GetSemanticModelAsync(cancellationToken) is not { } model) return null;

        IMethodSymbol[] overloads = [.. Overloads(model, call, cancellationToken).OfType<IMethodSymbol>()];
        return overloads.Length == 0 ? null : (model, list, overloads);
    }

    private static SignatureDescription Signature(
        SemanticModel model, int position, IMethodSymbol overload, CancellationToken cancellationToken)
    {
        var lines = DocumentationText.Lines(
            overload.GetDocumentationCommentXml(expandIncludes: true, cancellationToken: cancellationToken));
        return new(
            overload.ToMinimalDisplayString(model, position, Format),
            string.Join("\n\n", lines.Where(line => !overload.Parameters.Any(parameter => IsOf(line, parameter)))),
            [.. overload.Parameters.Select(parameter => new ParameterDescription(
                parameter.ToMinimalDisplayString(model, position, Format),
                lines.FirstOrDefault(line => IsOf(line, parameter)) is { } line ? line[(parameter.Name.Length + 2)..] : ""))]);

        static bool IsOf(string line, IParameterSymbol parameter) => line.StartsWith(parameter.Name + ": ", StringComparison.Ordinal);
    }

    private static IEnumerable<ISymbol> Overloads(SemanticModel model, SyntaxNode call, CancellationToken cancellationToken) => call switch
    {
        InvocationExpressionSyntax invocation => model.GetMemberGroup(invocation.Expression, cancellationToken),
        BaseObjectCreationExpressionSyntax creation => model.GetTypeInfo(creation, cancellationToken).Type is INamedTypeSymbol type
            ? type.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public)
            : [],
        _ => [],
    };

    private static CellDescription Describe(
        SemanticModel model, int position, IReadOnlyList<IMethodSymbol> overloads, CancellationToken cancellationToken)
    {
        var (text, markdown) = (new StringBuilder(), new StringBuilder());
        foreach (var overload in overloads)
        {
            var signature = overload.ToMinimalDisplayString(model, position, Format);
            var documentation = DocumentationText.Lines(
                overload.GetDocumentationCommentXml(expandIncludes: true, cancellationToken: cancellationToken));
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
