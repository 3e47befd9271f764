using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MnistLab.Kernel.Directives;

namespace MnistLab.Kernel.Libraries;

/// <summary>
/// Resolves <c>#r "file.dll"</c> to the file and its dependencies in the same folder, so that a cell can use the types
/// in the signatures of the library.
/// </summary>
/// <param name="folder">The folder that relative paths start at.</param>
/// <param name="snapshots">The snapshots to use instead of the files; null to use the files themselves.</param>
internal sealed class LibraryReferences(string folder, LibrarySnapshots? snapshots) : MetadataReferenceResolver
{
    private readonly Dictionary<string, PortableExecutableReference> _references = new(StringComparer.Ordinal);

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        Find(reference, baseFilePath) is { } file ? [ReferenceTo(file)] : [];

    /// <summary>
    /// Returns an assembly followed by its dependencies; empty if the assembly does not exist, which the compiler then
    /// reports.
    /// </summary>
    /// <param name="reference">The reference in the directive.</param>
    /// <param name="file">The file that contains the directive.</param>
    public IReadOnlyList<string> WithDependencies(string reference, string file)
    {
        if (Find(reference, file) is not { } root) return [];

        var found = new List<string> { root };
        for (var next = 0; next < found.Count; next++)
        {
            found.AddRange(from name in DependenciesOf(found[next])
                           where !PlatformAssemblies.References.ContainsKey(name)
                           let needed = PlatformAssemblies.Find(name) ?? Path.Combine(Path.GetDirectoryName(root)!, name + ".dll")
                           where File.Exists(needed) && !found.Contains(needed)
                           select needed);
        }

        return found;
    }

    /// <summary>
    /// Returns the references of the <c>#r</c> directives in C# code, from top to bottom, except those in inactive
    /// <c>#if</c> sections.
    /// </summary>
    public static IEnumerable<string> NamedBy(string code, string file) =>
        from directive in CSharpSyntaxTree.ParseText(code, CSharpDialect.ParseOptions, file)
            .GetCompilationUnitRoot()
            .GetReferenceDirectives()
        where directive.IsActive
        select directive.File.ValueText;

    public PortableExecutableReference ReferenceTo(string file)
    {
        // Uses the platform's assembly instead of a package's copy, as at run time.
        if (PlatformAssemblies.ReferenceTo(Path.GetFileNameWithoutExtension(file)) is { } platform) return platform;
        return _references.TryGetValue(file, out var known)
            ? known
            : _references[file] = MetadataReference.CreateFromFile(file, documentation: new AssemblyDocumentation(file));
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private string? Find(string reference, string? baseFile)
    {
        // Relative to the file that contains the directive or, if it does not exist there, to the folder of the
        // notebook.
        var own = Path.IsPathRooted(baseFile) ? Path.GetFullPath(reference, Path.GetDirectoryName(baseFile)!) : null;
        var file = own is not null && File.Exists(own) ? own : Path.GetFullPath(reference, folder);
        if (PlatformAssemblies.Find(Path.GetFileNameWithoutExtension(file)) is { } loadedFirst) return loadedFirst;
        return File.Exists(file) ? snapshots?.PathOf(file) ?? file : PlatformAssemblies.Find(reference);
    }

    private static List<string> DependenciesOf(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        try
        {
            if (!image.HasMetadata) return [];

            var metadata = image.GetMetadataReader();
            return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        }
        catch (BadImageFormatException)
        {
            // An invalid file has no dependencies. The compiler, which reads it next, reports the error with the line
            // of the directive.
            return [];
        }
    }
}
