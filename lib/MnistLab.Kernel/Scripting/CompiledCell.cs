using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace MnistLab.Kernel;

/// <summary>The C# of a cell, compiled and loaded.</summary>
/// <param name="Run">Runs it with the instances of the cells before it, to which it adds its own; null if there is
/// nothing to run.</param>
/// <param name="HasValue">Whether it ends with an expression that has a value.</param>
/// <param name="Errors">Why it does not compile; empty if it does.</param>
/// <param name="Diagnostics">The errors; or, if there are none, the warnings.</param>
internal sealed record CompiledCell(
    Func<object?[], Task<object?>>? Run, bool HasValue, IReadOnlyList<Diagnostic> Errors, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Compiles a script that follows others, as the code of a cell.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static CompiledCell Compile(Compilation compilation, CellAssemblies assemblies, CellScope scope)
    {
        var cancellationToken = scope.CancellationToken;
        // What follows from text that is not C# would hide what is wrong with the text.
        var errors = ErrorsIn(compilation.GetParseDiagnostics(cancellationToken));
        if (errors.Count > 0) return Failed(errors);

        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        var options = new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb);
        var emitted = compilation.Emit(code, symbols, options: options, cancellationToken: cancellationToken);
        errors = ErrorsIn(emitted.Diagnostics);
        if (errors.Count > 0) return Failed(errors);
        // A cell of usings alone has no code.
        if (!emitted.Success || compilation.GetEntryPoint(cancellationToken) is not { } entry)
            return new(null, false, [], emitted.Diagnostics);

        code.Position = symbols.Position = 0;
        var assembly = assemblies.Load(code, symbols, scope);
        var method = assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!.GetMethod(entry.MetadataName)!;
        return new(method.CreateDelegate<Func<object?[], Task<object?>>>(), EndsWithValue(compilation), [], emitted.Diagnostics);
    }

    private static CompiledCell Failed(IReadOnlyList<Diagnostic> errors) => new(null, false, errors, errors);

    private static List<Diagnostic> ErrorsIn(IEnumerable<Diagnostic> diagnostics) => [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    // A final expression without a semicolon, unless it has no value (a call of a void method, an awaited Task); or a
    // return of a value.
    private static bool EndsWithValue(Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.Last();
        return ((CompilationUnitSyntax)tree.GetRoot()).Members is [.., GlobalStatementSyntax { Statement: var last }] && last switch
        {
            ReturnStatementSyntax { Expression: not null } => true,
            ExpressionStatementSyntax { SemicolonToken.IsMissing: true, Expression: var expression } =>
                compilation.GetSemanticModel(tree).GetTypeInfo(expression).Type?.SpecialType != SpecialType.System_Void,
            _ => false,
        };
    }
}
