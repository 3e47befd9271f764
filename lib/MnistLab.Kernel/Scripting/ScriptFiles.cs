using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace MnistLab.Kernel;

/// <summary>
/// The files that cells bring in by <c>#load</c>: relative paths start at the folder of the file that names them, or
/// else at the notebook's. The compiler reads their C# alone;
/// the packages that they refer to are the kernel's task, as those of a cell are.
/// </summary>
/// <param name="folder">The notebook's folder.</param>
internal sealed class ScriptFiles(string folder) : SourceReferenceResolver
{
    private readonly SourceFileResolver _files = new([folder], folder);

    /// <summary>Finds what C# loads, and what that loads in turn.</summary>
    /// <param name="code">The C#.</param>
    /// <param name="file">The file that the C# counts as.</param>
    /// <returns>Each file once, with its text; missing files are left for the compiler to report.</returns>
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
        foreach (var directive in CSharpSyntaxTree.ParseText(code, ScriptChain.Dialect).GetCompilationUnitRoot().GetLoadDirectives().Where(directive => directive.IsActive))
        {
            if (ResolveReference(directive.File.ValueText, file) is not { } path || found.ContainsKey(path)) continue;
            found[path] = _files.ReadText(path).ToString();
            Find(CellSource.CSharpOf(found[path]), path, found);
        }
    }
}
