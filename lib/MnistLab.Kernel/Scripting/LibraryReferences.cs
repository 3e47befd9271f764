using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MnistLab.Kernel;

/// <summary>
/// What <c>#r "file.dll"</c> refers to: the file, and all that it needs of the files beside it, so that a cell may
/// name the types in its library's signatures.
/// </summary>
/// <param name="folder">Where relative paths start.</param>
/// <param name="snapshots">What stands for the files; null if they are used where they are.</param>
internal sealed class LibraryReferences(string folder, LibrarySnapshots? snapshots) : MetadataReferenceResolver
{
    private readonly Dictionary<string, PortableExecutableReference> _references = new(StringComparer.Ordinal);

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        Find(reference, baseFilePath) is { } file ? [ReferenceTo(file)] : [];

    /// <summary>
    /// The files that an assembly needs, itself first; none if there is no such assembly, so that the compiler says
    /// so.
    /// </summary>
    /// <param name="reference">What the directive names.</param>
    /// <param name="file">The file that the directive stands in.</param>
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

    /// <summary>What the directives of C# name, from top to bottom; those of an inactive <c>#if</c> do not count.</summary>
    public static IEnumerable<string> NamedBy(string code, string file) =>
        from directive in CSharpSyntaxTree.ParseText(code, ScriptChain.Dialect, file).GetCompilationUnitRoot().GetReferenceDirectives()
        where directive.IsActive
        select directive.File.ValueText;

    public PortableExecutableReference ReferenceTo(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        if (PlatformAssemblies.References.TryGetValue(name, out var platform)) return platform;
        // A package's copy of what the platform provides is not loaded, either.
        file = PlatformAssemblies.Find(name) ?? file;
        return _references.TryGetValue(file, out var known) ? known : _references[file] = MetadataReference.CreateFromFile(file);
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private string? Find(string reference, string? baseFile)
    {
        // Relative to the file that names it, or else to the notebook.
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
            // It needs nothing. The compiler, which reads it next, says what is wrong with it and in which line it is
            // referred to.
            return [];
        }
    }
}
