using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Display;
using MnistLab.Kernel.Libraries;

namespace MnistLab.Kernel.Scripting;

/// <summary>Creates the compilations of a session, each of which sees the declarations of the previous ones.</summary>
/// <param name="references">Resolves the references of the code.</param>
internal sealed class Submissions(SessionReferences references)
{
    private readonly string _session = Guid.NewGuid().ToString();
    private readonly CSharpCompilationOptions _options = OptionsFor(references);
    private int _count;

    /// <summary>Creates the first compilation of a session, with the common references and usings.</summary>
    public CSharpCompilation Begin(string code) =>
        Create(code, "", PlatformAssemblies.References.Values, _options.WithUsings(CellPrelude.Imports), null);

    /// <summary>Creates the compilation of a cell.</summary>
    /// <param name="code">The code of the cell.</param>
    /// <param name="file">The file that contains the code; for a cell, its virtual file name.</param>
    /// <param name="added">
    /// The references that no previous compilation has. References and usings are inherited; repeating them would make
    /// memory grow with the square of the number of cells.
    /// </param>
    /// <param name="previous">The previous compilation.</param>
    public CSharpCompilation Next(
        string code, string file, IEnumerable<MetadataReference> added, CSharpCompilation previous) =>
        Create(code, file, added, _options, previous);

    private CSharpCompilation Create(
        string code,
        string file,
        IEnumerable<MetadataReference> added,
        CSharpCompilationOptions options,
        CSharpCompilation? previous)
    {
        var number = (_count++).ToString(CultureInfo.InvariantCulture);
        return CSharpCompilation.CreateScriptCompilation(
            $"\u211B*{_session}#{number}",
            SyntaxFactory.ParseSyntaxTree(SourceText.From(code, Encoding.UTF8), CSharpDialect.ParseOptions, file),
            added,
            options.WithScriptClassName($"Submission#{number}"),
            previous,
            returnType: typeof(object));
    }

    // Takes the options of a script, because one of them cannot be set through the public API of the compiler: that a
    // type of the platform takes precedence over a library's type with the same name.
    private static CSharpCompilationOptions OptionsFor(SessionReferences references)
    {
        var script = CSharpScript.Create("", ScriptOptions.Default
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithAllowUnsafe(true)
            .WithReferences(Array.Empty<MetadataReference>())
            .WithImports()
            .WithMetadataResolver(references.Libraries)
            .WithSourceResolver(references.Scripts));
        // A cell has too few methods to benefit from a concurrent build.
        return ((CSharpCompilation)script.GetCompilation()).Options.WithConcurrentBuild(false);
    }
}
