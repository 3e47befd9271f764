using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MnistLab.Studio.Notebooks;

/// <summary>Represents the names that the C# code of a cell defines and uses.</summary>
/// <param name="Made">The variables, functions, and types that it declares or assigns.</param>
/// <param name="Used">All names that occur in it.</param>
internal sealed record CellNames(IReadOnlySet<string> Made, IReadOnlySet<string> Used)
{
    private static readonly CSharpParseOptions Script = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>Finds the names in a cell's code.</summary>
    public static CellNames In(string source)
    {
        var root = CSharpSyntaxTree.ParseText(source, Script).GetCompilationUnitRoot();
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in root.DescendantNodes())
        {
            var name = node switch
            {
                VariableDeclaratorSyntax variable when IsAtTop(variable) => variable.Identifier.ValueText,
                SingleVariableDesignationSyntax variable when IsAtTop(variable) => variable.Identifier.ValueText,
                MethodDeclarationSyntax { Parent: CompilationUnitSyntax } method => method.Identifier.ValueText,
                BaseTypeDeclarationSyntax { Parent: CompilationUnitSyntax } type => type.Identifier.ValueText,
                AssignmentExpressionSyntax { Left: IdentifierNameSyntax target } => target.Identifier.ValueText,
                _ => null,
            };
            if (name is not null) made.Add(name);
        }

        var used = root.DescendantNodes().OfType<SimpleNameSyntax>()
            .Select(identifier => identifier.Identifier.ValueText)
            .ToHashSet(StringComparer.Ordinal);
        return new(made, used);
    }

    /// <summary>
    /// Returns the cells below a cell that depend on what it defines, directly or indirectly, from top to bottom.
    /// </summary>
    /// <param name="sources">The code of the cells, from top to bottom.</param>
    /// <param name="index">The index of the cell.</param>
    /// <returns>The indices of the dependent cells, all greater than <paramref name="index"/>.</returns>
    public static IReadOnlyList<int> DependentsOf(IReadOnlyList<string> sources, int index)
    {
        var changed = new HashSet<string>(In(sources[index]).Made, StringComparer.Ordinal);
        var dependents = new List<int>();
        for (var other = index + 1; other < sources.Count; other++)
        {
            var names = In(sources[other]);
            if (!names.Used.Overlaps(changed)) continue;
            dependents.Add(other);
            changed.UnionWith(names.Made);
        }

        return dependents;
    }

    private static bool IsAtTop(SyntaxNode node) => node.FirstAncestorOrSelf<BlockSyntax>() is null;
}
