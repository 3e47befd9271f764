using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using MnistLab.Kernel.Cells;

namespace MnistLab.Kernel.Scripting;

/// <summary>Represents the C# of a cell, compiled and loaded.</summary>
/// <param name="Run">
/// Runs the cell with the objects of the previous cells, to which it adds its own; null if there is nothing to run.
/// </param>
/// <param name="HasValue">Whether the cell ends with an expression that has a value.</param>
/// <param name="Errors">The errors of the compiler; empty if the cell compiles.</param>
/// <param name="Diagnostics">The errors or, if there are none, the other diagnostics.</param>
internal sealed record CompiledCell(
    Func<object?[], Task<object?>>? Run, bool HasValue, IReadOnlyList<Diagnostic> Errors, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Compiles and loads the code of a cell.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static CompiledCell Compile(Compilation compilation, CellAssemblies assemblies, CellScope scope)
    {
        var cancellationToken = scope.CancellationToken;
        // Reports syntax errors alone, because the errors that follow from them would hide the cause.
        var errors = ErrorsIn(compilation.GetParseDiagnostics(cancellationToken));
        if (errors.Count > 0) return Failed(errors);

        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        var options = new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb);
        var emitted = compilation.Emit(code, symbols, options: options, cancellationToken: cancellationToken);
        errors = ErrorsIn(emitted.Diagnostics);
        if (errors.Count > 0) return Failed(errors);
        // A cell that contains only using directives has no code.
        if (!emitted.Success || compilation.GetEntryPoint(cancellationToken) is not { } entry)
            return new(null, false, [], emitted.Diagnostics);

        code.Position = symbols.Position = 0;
        var assembly = assemblies.Load(code, symbols, scope);
        var method = assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!.GetMethod(entry.MetadataName)!;
        return new(method.CreateDelegate<Func<object?[], Task<object?>>>(), EndsWithValue(compilation), [], emitted.Diagnostics);
    }

    private static CompiledCell Failed(IReadOnlyList<Diagnostic> errors) => new(null, false, errors, errors);

    private static List<Diagnostic> ErrorsIn(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    // A cell has a value if it ends with an expression without a semicolon, except one without a value (a call of a
    // void method, an awaited Task), or with a return statement that has a value.
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
