using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace MnistLab.Kernel;

/// <summary>Turns the C# of cells into compilations, each of which sees those before it.</summary>
/// <param name="references">Resolves what the C# refers to.</param>
internal sealed class Submissions(SessionReferences references)
{
    private readonly string _session = Guid.NewGuid().ToString();
    private readonly CSharpCompilationOptions _options = OptionsFor(references);
    private int _count;

    /// <summary>Creates the first compilation of a session, with the references and usings of all.</summary>
    public CSharpCompilation Begin(string code) =>
        Create(code, "", PlatformAssemblies.References.Values, _options.WithUsings(ScriptChain.Imports), null);

    /// <summary>Creates the compilation of a cell.</summary>
    /// <param name="code">The cell's C#.</param>
    /// <param name="file">The file that it stands in, or that the cell counts as.</param>
    /// <param name="added">
    /// The references that no compilation before it has. All references and usings carry over: to repeat them would make
    /// memory grow with the square of the number of cells.
    /// </param>
    /// <param name="previous">The compilation that it follows.</param>
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
            SyntaxFactory.ParseSyntaxTree(SourceText.From(code, Encoding.UTF8), ScriptChain.Dialect, file),
            added,
            options.WithScriptClassName($"Submission#{number}"),
            previous,
            returnType: typeof(object));
    }

    // Taken from a script, because one of its settings cannot be set from outside the compiler: that the platform's type
    // wins over a library's type of the same name.
    private static CSharpCompilationOptions OptionsFor(SessionReferences references)
    {
        var script = CSharpScript.Create("", ScriptOptions.Default
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithAllowUnsafe(true)
            .WithReferences(Array.Empty<MetadataReference>())
            .WithImports()
            .WithMetadataResolver(references.Libraries)
            .WithSourceResolver(references.Scripts));
        // A cell has too few methods for threads to pay.
        return ((CSharpCompilation)script.GetCompilation()).Options.WithConcurrentBuild(false);
    }
}
