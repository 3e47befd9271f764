using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace MnistLab.Kernel;

/// <summary>A variable that the cell with the parameters declares, and how to declare it with another value.</summary>
internal sealed class DeclaredParameter
{
    private readonly ParameterType _type;

    private DeclaredParameter(string name, ParameterType type, string @default, TextSpan? value) =>
        (Parameter, _type, ValueSpan) = (new(name, type.Name, @default), type, value);

    public NotebookParameter Parameter { get; }

    /// <summary>Gets where the expression is that gives the variable its value; null if there is none.</summary>
    public TextSpan? ValueSpan { get; }

    /// <summary>What a value has to be like.</summary>
    public string Expectation => _type.Expectation;

    /// <summary>The variables that a cell declares at its top level.</summary>
    public static IReadOnlyList<DeclaredParameter> In(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new(LanguageVersion.Latest, kind: SourceCodeKind.Script));
        var fields = tree.GetCompilationUnitRoot().Members.OfType<FieldDeclarationSyntax>().ToList();
        if (fields.Count == 0) return [];

        // The type of "var learningRate = 0.1" is what the compiler says it is.
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
               select new DeclaredParameter(variable.Identifier.ValueText, new ParameterType(type, model, variable.SpanStart), variable.Initializer?.Value.ToString() ?? "default", variable.Initializer?.Value.Span),
        ];
    }

    /// <summary>Returns the value as an expression of C#; null if it does not fit the variable's type.</summary>
    public string? Literal(string value) => _type.Literal(value);

    /// <summary>A declaration of the variable with this value; null if the value does not fit its type.</summary>
    public string? Assign(string value) => _type.Literal(value) is { } literal ? $"{Parameter.Type} {Parameter.Name} = {literal};" : null;
}
