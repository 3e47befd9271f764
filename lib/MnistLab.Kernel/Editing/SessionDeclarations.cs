using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MnistLab.Kernel.Editing;

/// <summary>
/// Builds the text of a single script with the declarations of the cells of a session that are visible to the next
/// cell: using directives, typed variables, functions, and types. Its size grows with the number of names, not with the
/// number of cells, and it contains no statements.
/// </summary>
/// <param name="prelude">A declaration that begins every session.</param>
internal sealed class SessionDeclarations(string prelude)
{
    /// <summary>The prefix of names that the script adds, and that do not exist in the session.</summary>
    public const string HiddenPrefix = "__Hidden";

    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private readonly OrderedDictionary<string, string> _usings = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, List<ISymbol>> _members = new(StringComparer.Ordinal);

    /// <summary>
    /// Adds the declarations of a cell. Each replaces an earlier one of the same name or, for functions, of the same
    /// name and parameters.
    /// </summary>
    public void Add(Compilation submission)
    {
        foreach (var directive in submission.SyntaxTrees.SelectMany(tree => ((CompilationUnitSyntax)tree.GetRoot()).Usings))
        {
            var text = directive.WithoutTrivia().ToString();
            _usings[directive.Alias is { } alias ? alias.Name.Identifier.ValueText : text] = text;
        }

        foreach (var member in submission.ScriptClass?.GetMembers() ?? [])
        {
            if (member is { IsImplicitlyDeclared: false, CanBeReferencedByName: true, DeclaringSyntaxReferences: not [] })
                Add(member);
        }
    }

    /// <summary>Returns the text of the script.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var directive in _usings.Values) text.Append(directive).Append('\n');
        text.Append(prelude).Append('\n');
        var hidden = new List<INamedTypeSymbol>();
        foreach (var member in _members.Values.SelectMany(members => members))
            text.Append(SourceOf(member, hidden)).Append('\n');
        // A variable may have a type that a later type of the same name hides.
        foreach (var (index, type) in hidden.Index())
            text.Append(CultureInfo.InvariantCulture, $"static class {HiddenPrefix}{index} {{\n{WrittenAsPublic(type)}\n}}\n");
        return text.ToString();
    }

    private void Add(ISymbol member)
    {
        if (!_members.TryGetValue(member.Name, out var known)) _members[member.Name] = known = [];
        known.RemoveAll(other =>
            !(member is IMethodSymbol method && other is IMethodSymbol overload) || HasSameParameters(method, overload));
        known.Add(member);
    }

    private static bool HasSameParameters(IMethodSymbol one, IMethodSymbol other) =>
        one.Arity == other.Arity && ParameterTypes(one).SequenceEqual(ParameterTypes(other));

    private static IEnumerable<string> ParameterTypes(IMethodSymbol method) =>
        method.Parameters.Select(parameter => parameter.Type.ToDisplayString(TypeFormat));

    private string SourceOf(ISymbol member, List<INamedTypeSymbol> hidden) => member switch
    {
        IFieldSymbol { IsConst: false } variable when CanBeWritten(variable.Type) =>
            $"{TypeOf(variable.Type, hidden)} {EscapedName(variable)};",
        IFieldSymbol variable => Declaration(variable),
        _ => Written(member),
    };

    // An anonymous type has no name, so the compiler has to infer it from the initializer.
    private static string Declaration(IFieldSymbol variable) => variable.DeclaringSyntaxReferences[0].GetSyntax() switch
    {
        VariableDeclaratorSyntax { Initializer: not null, Parent: VariableDeclarationSyntax declaration } declarator =>
            $"{(variable.IsConst ? "const " : "")}{declaration.Type.WithoutTrivia()} {declarator.WithoutTrivia()};",
        _ => $"object {EscapedName(variable)};",
    };

    private static string Written(ISymbol member) =>
        string.Join('\n', member.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax().ToFullString()));

    private static string WrittenAsPublic(INamedTypeSymbol type) =>
        string.Join('\n', type.DeclaringSyntaxReferences.Select(reference => AsPublic((MemberDeclarationSyntax)reference.GetSyntax())));

    private static string AsPublic(MemberDeclarationSyntax declaration)
    {
        var modifiers = declaration.Modifiers.Where(modifier => !SyntaxFacts.IsAccessibilityModifier(modifier.Kind()));
        return $"public {declaration.WithModifiers([.. modifiers]).WithoutLeadingTrivia()}";
    }

    private static string EscapedName(ISymbol symbol) =>
        SyntaxFacts.GetKeywordKind(symbol.Name) == SyntaxKind.None ? symbol.Name : "@" + symbol.Name;

    private string TypeOf(ITypeSymbol type, List<INamedTypeSymbol> hidden) =>
        string.Concat(type.ToDisplayParts(TypeFormat).Select(part => NameOf(part, hidden)));

    private string NameOf(SymbolDisplayPart part, List<INamedTypeSymbol> hidden) =>
        part.Symbol is INamedTypeSymbol { ContainingType.IsScriptClass: true } type && IsHidden(type.OriginalDefinition)
            ? $"{HiddenPrefix}{IndexOf(type.OriginalDefinition, hidden)}.{part}"
            : part.ToString();

    private bool IsHidden(INamedTypeSymbol type) =>
        !(_members.TryGetValue(type.Name, out var current) && current.Contains(type, SymbolEqualityComparer.Default));

    private static int IndexOf(INamedTypeSymbol type, List<INamedTypeSymbol> hidden)
    {
        var index = hidden.FindIndex(other => SymbolEqualityComparer.Default.Equals(other, type));
        if (index >= 0) return index;
        hidden.Add(type);
        return hidden.Count - 1;
    }

    private static bool CanBeWritten(ITypeSymbol type) => type switch
    {
        IErrorTypeSymbol or { IsAnonymousType: true } => false,
        IArrayTypeSymbol array => CanBeWritten(array.ElementType),
        INamedTypeSymbol named =>
            named.TypeArguments.All(CanBeWritten) && (named.ContainingType is null || CanBeWritten(named.ContainingType)),
        _ => true,
    };
}
