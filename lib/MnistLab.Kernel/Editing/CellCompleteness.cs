using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MnistLab.Kernel.Directives;

namespace MnistLab.Kernel.Editing;

/// <summary>Tells whether the code of a cell is complete.</summary>
internal static class CellCompleteness
{
    /// <summary>Returns whether the code of a cell is complete.</summary>
    public static Completeness Of(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var tree = CSharpSyntaxTree.ParseText(CellSource.CSharpOf(code), CSharpDialect.ParseOptions);
        if (!SyntaxFactory.IsCompleteSubmission(tree)) return Completeness.Incomplete;
        return tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            ? Completeness.Invalid
            : Completeness.Complete;
    }
}
