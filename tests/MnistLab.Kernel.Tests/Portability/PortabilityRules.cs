using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MnistLab.Kernel.Tests;

/// <summary>Finds, by its syntax, what prevents a cell from running on .NET Interactive.</summary>
internal static class PortabilityRules
{
    // The directives that both kernels support. The compiler handles #r "…" and #load.
    private static readonly string[] Directives = ["#!time", "#!markdown", "#!html", "#!csharp", "#!whos"];

    // Members that only this kernel offers without naming a type.
    private static readonly string[] OwnMethods = ["ClearOutput"];

    // .NET Interactive does not import the namespaces of these types by default.
    private static readonly Dictionary<string, string> Namespaces = new()
    {
        ["HtmlString"] = "Microsoft.AspNetCore.Html",
        ["KernelInvocationContext"] = "Microsoft.DotNet.Interactive",
    };

    // .NET Interactive does not reference the assemblies of these namespaces by default.
    private static readonly Dictionary<string, string> Libraries = new()
    {
        ["System.Net.Http.Json"] = "System.Net.Http.Json",
        ["System.Threading.RateLimiting"] = "System.Threading.RateLimiting",
        ["System.Threading.Tasks.Dataflow"] = "System.Threading.Tasks.Dataflow",
    };

    /// <summary>Returns the obstacles, each in a few words; empty if the cell is portable.</summary>
    /// <param name="cell">The code of the cell.</param>
    /// <param name="before">The code of the preceding cells, whose using directives and references still apply.</param>
    public static IReadOnlyList<string> Violations(string cell, params IEnumerable<string> before)
    {
        string[] lines = cell.Split('\n');
        var directives = lines
            .Where(line => line.StartsWith("#!", StringComparison.Ordinal) && !Directives.Contains(line.Split(' ')[0]))
            .Select(line => $"the directive {line.Split(' ')[0]}");
        var code = string.Join('\n', lines.Select(line => line.StartsWith("#!", StringComparison.Ordinal) ? "" : line));
        var root = RootOf(code);
        return
        [
            .. directives,
            .. root
                .GetDiagnostics()
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(diagnostic => $"a syntax error: {diagnostic.GetMessage()}"),
            .. root.Members.SelectMany(OfTopLevel),
            .. root.DescendantNodes().SelectMany(OfAnyLevel),
            .. Undeclared(root, [.. before.Select(RootOf), root]),
        ];
    }

    private static CompilationUnitSyntax RootOf(string code) =>
        CSharpSyntaxTree.ParseText(code, new(LanguageVersion.Latest, kind: SourceCodeKind.Script)).GetCompilationUnitRoot();

    private static IEnumerable<string> Undeclared(CompilationUnitSyntax cell, IReadOnlyList<CompilationUnitSyntax> all)
    {
        var usings = all.SelectMany(root => root.Usings).Select(directive => $"{directive.NamespaceOrType}").ToHashSet();
        var references = all
            .SelectMany(root => root.GetReferenceDirectives())
            .Select(directive => directive.File.ValueText)
            .ToHashSet();
        var names = cell.DescendantNodes()
            .OfType<IdentifierNameSyntax>()
            .Where(name => !IsQualified(name))
            .Select(name => name.Identifier.Text)
            .ToHashSet();
        return
        [
            .. from known in Namespaces
               where names.Contains(known.Key) && !usings.Contains(known.Value)
               select $"{known.Key} without 'using {known.Value};'",
            .. from directive in cell.Usings
               let name = $"{directive.NamespaceOrType}"
               where Libraries.TryGetValue(name, out var library) && !references.Contains(library)
               select $"'using {name};' without '#r \"{Libraries[name]}\"'",
        ];
    }

    // In A.B, B is qualified.
    private static bool IsQualified(IdentifierNameSyntax name) =>
        (name.Parent as QualifiedNameSyntax)?.Right == name || (name.Parent as MemberAccessExpressionSyntax)?.Name == name;

    // A script does not allow a top-level using declaration or a top-level ref variable in the first place.
    private static IEnumerable<string> OfTopLevel(MemberDeclarationSyntax member)
    {
        if (member is FieldDeclarationSyntax { Declaration.Type: var type }
            && type.ToString() is var name
            && (name.StartsWith("Span<", StringComparison.Ordinal) || name.StartsWith("ReadOnlySpan<", StringComparison.Ordinal)))
            yield return "a top-level span";
        if (member is FieldDeclarationSyntax { SemicolonToken.IsMissing: true }) yield return "a final declaration without a semicolon";
    }

    private static IEnumerable<string> OfAnyLevel(SyntaxNode node)
    {
        if (node is BaseNamespaceDeclarationSyntax) yield return "a namespace";
        if (node is BaseTypeDeclarationSyntax type && type.Modifiers.Any(SyntaxKind.FileKeyword)) yield return "a file-local type";
        if (node is TypeDeclarationSyntax declared && (declared.Members
            .OfType<MethodDeclarationSyntax>()
            .Any(IsExtension) || declared is ExtensionBlockDeclarationSyntax))
            yield return "extension methods in a class";
        if (node is UsingDirectiveSyntax { GlobalKeyword.RawKind: not 0 }) yield return "a global using";
        if (node is AttributeListSyntax { Target.Identifier.Text: "assembly" or "module" }) yield return "an attribute of the assembly";
        if (node is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: var method } }
            && OwnMethods.Contains(method))
            yield return $"the method {method}";
        // In the last releases of .NET Interactive, the IDs of the display and of its update differ. The value that
        // KernelInvocationContext.Current.Display returns works.
        if (node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Update", Expression: InvocationExpressionSyntax { Expression: var display } } }
            && display.ToString() is var text && (text == "display" || (text.EndsWith(
                ".Display",
                StringComparison.Ordinal) && !text.Contains("KernelInvocationContext", StringComparison.Ordinal))))
            yield return "an update of what display(…) shows";
    }

    private static bool IsExtension(MethodDeclarationSyntax method) =>
        method.ParameterList.Parameters is [var first, ..] && first.Modifiers.Any(SyntaxKind.ThisKeyword);
}
