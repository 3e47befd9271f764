using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using MnistLab.Kernel.Libraries;
using MnistLab.Kernel.Sessions;

namespace MnistLab.Kernel.Running;

/// <summary>
/// Represents a variable that the parameters cell declares, and creates declarations of it with another value.
/// </summary>
internal sealed class DeclaredParameter
{
    private readonly ParameterType _type;

    private DeclaredParameter(string name, ParameterType type, string @default, TextSpan? value) =>
        (Parameter, _type, ValueSpan) = (new(name, type.Name, @default), type, value);

    public NotebookParameter Parameter { get; }

    /// <summary>Gets the span of the variable's initializer; null if there is none.</summary>
    public TextSpan? ValueSpan { get; }

    /// <summary>Gets a description of valid values, as the end of a sentence.</summary>
    public string Expectation => _type.Expectation;

    /// <summary>Returns the variables that a cell declares at the top level.</summary>
    public static IReadOnlyList<DeclaredParameter> In(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new(LanguageVersion.Latest, kind: SourceCodeKind.Script));
        var fields = tree.GetCompilationUnitRoot().Members.OfType<FieldDeclarationSyntax>().ToList();
        if (fields.Count == 0) return [];

        // The compiler has to infer the type of a declaration such as "var learningRate = 0.1".
        var compilation = CSharpCompilation.CreateScriptCompilation(
            "parameters",
            tree,
            PlatformAssemblies.References.Values,
            new(OutputKind.DynamicallyLinkedLibrary, usings: ScriptSession.DefaultUsings));
        var model = compilation.GetSemanticModel(tree);
        return
        [
            .. from field in fields
               from variable in field.Declaration.Variables
               where model.GetDeclaredSymbol(variable) is IFieldSymbol
               let type = ((IFieldSymbol)model.GetDeclaredSymbol(variable)!).Type
               select new DeclaredParameter(
                   variable.Identifier.ValueText,
                   new ParameterType(type, model, variable.SpanStart),
                   variable.Initializer?.Value.ToString() ?? "default",
                   variable.Initializer?.Value.Span),
        ];
    }

    /// <summary>Returns a value as a C# expression; null if the value does not fit the type of the variable.</summary>
    public string? Literal(string value) => _type.Literal(value);

    /// <summary>
    /// Returns a declaration of the variable with a value; null if the value does not fit the type of the variable.
    /// </summary>
    public string? Assign(string value) => _type.Literal(value) is { } literal ? $"{Parameter.Type} {Parameter.Name} = {literal};" : null;
}
