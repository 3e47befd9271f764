using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using MnistLab.Kernel.Directives;

namespace MnistLab.Kernel.Scripting;

/// <summary>
/// Resolves the files that cells load with <c>#load</c>. Relative paths start at the folder of the file that contains
/// the directive or, if nothing is found there, at the folder of the notebook. The compiler reads only the C# of a
/// file; as for a cell, the kernel handles the packages that it references.
/// </summary>
/// <param name="folder">The folder of the notebook.</param>
internal sealed class ScriptFiles(string folder) : SourceReferenceResolver
{
    private readonly SourceFileResolver _files = new([folder], folder);

    /// <summary>Finds the files that C# code loads, directly or indirectly.</summary>
    /// <param name="code">The code.</param>
    /// <param name="file">The file that contains the code; for a cell, its virtual file name.</param>
    /// <returns>The text of each file, by path. Missing files are omitted; the compiler reports them.</returns>
    public IReadOnlyDictionary<string, string> LoadedBy(string code, string file)
    {
        var found = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        Find(code, file, found);
        return found;
    }

    public override SourceText ReadText(string resolvedPath)
    {
        var text = _files.ReadText(resolvedPath);
        return SourceText.From(CellSource.CSharpOf(text.ToString()), text.Encoding, text.ChecksumAlgorithm);
    }

    public override string? NormalizePath(string path, string? baseFilePath) => _files.NormalizePath(path, baseFilePath);

    public override string? ResolveReference(string path, string? baseFilePath) => _files.ResolveReference(path, baseFilePath);

    public override Stream OpenRead(string resolvedPath) => _files.OpenRead(resolvedPath);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private void Find(string code, string file, OrderedDictionary<string, string> found)
    {
        if (!code.Contains("#load", StringComparison.Ordinal)) return;
        foreach (var directive in CSharpSyntaxTree
            .ParseText(code, CSharpDialect.ParseOptions)
            .GetCompilationUnitRoot()
            .GetLoadDirectives()
            .Where(directive => directive.IsActive))
        {
            if (ResolveReference(directive.File.ValueText, file) is not { } path || found.ContainsKey(path)) continue;
            found[path] = _files.ReadText(path).ToString();
            Find(CellSource.CSharpOf(found[path]), path, found);
        }
    }
}
