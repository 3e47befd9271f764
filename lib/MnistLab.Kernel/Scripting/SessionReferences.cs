using Microsoft.CodeAnalysis;

namespace MnistLab.Kernel;

/// <summary>The libraries, packages, and scripts that the cells of a session refer to.</summary>
/// <param name="folder">Where relative paths start.</param>
/// <param name="snapshots">What stands for the libraries that cells refer to; null if they are used where they are.</param>
internal sealed class SessionReferences(string folder, LibrarySnapshots? snapshots) : IDisposable
{
    private readonly LibraryReferences _libraries = new(folder, snapshots);
    private readonly ScriptFiles _scripts = new(folder);
    private readonly NotebookLoadContext _context = new();
    private readonly List<string> _packageFiles = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private PackageSet? _packages;

    /// <summary>Gets where the notebook's libraries are loaded.</summary>
    public NotebookLoadContext LoadContext => _context;

    /// <summary>Gets what resolves <c>#r</c>.</summary>
    public MetadataReferenceResolver Libraries => _libraries;

    /// <summary>Gets what resolves <c>#load</c>.</summary>
    public SourceReferenceResolver Scripts => _scripts;

    /// <summary>Gets the folders of the packages in use.</summary>
    public IReadOnlyList<string> PackageFolders => Packages.Folders;

    private PackageSet Packages => _packages ??= new(folder, _context, NativeFolders.OfUser());

    /// <summary>Returns the names of libraries in use that were built anew since they were loaded, each once.</summary>
    public IReadOnlyList<string> TakeChangedLibraries() => snapshots?.TakeChanges() ?? [];

    /// <summary>Finds packages, for the next C# and all that follows.</summary>
    /// <returns>Their names and versions, and a sentence about each that is not used.</returns>
    /// <exception cref="PackageException">A package cannot be restored, or not together with the others.</exception>
    public async Task<(IReadOnlyList<(string Name, string Version)> Packages, IReadOnlyList<string> Conflicts)> AddPackagesAsync(
        IReadOnlyList<PackageDirective> packages, IReadOnlyList<FeedDirective> feeds, CancellationToken cancellationToken)
    {
        var (references, found, conflicts) = await Packages.AddAsync(packages, feeds, cancellationToken);
        _packageFiles.AddRange(references);
        return (found, conflicts);
    }

    /// <summary>Finds the scripts that C# loads, and those that they load in turn.</summary>
    /// <param name="code">The C#.</param>
    /// <param name="file">The file that it stands in, or that a cell counts as.</param>
    /// <exception cref="CellDirectiveException">A directive of a script lacks what it needs.</exception>
    public IEnumerable<CellSource> LoadedBy(string code, string file) =>
        _scripts.LoadedBy(code, file).Select(loaded => CellSource.ParseFile(loaded.Value, loaded.Key));

    /// <summary>Finds the libraries that C# names with <c>#r</c> and makes what lies beside them loadable.</summary>
    /// <param name="code">The C#.</param>
    /// <param name="file">The file that it stands in, or that a cell counts as.</param>
    public IReadOnlyList<string> LibrariesNamedBy(string code, string file)
    {
        var found = LibraryReferences.NamedBy(code, file).Select(named => _libraries.WithDependencies(named, file).FirstOrDefault());
        string[] libraries = [.. found.OfType<string>()];
        MakeLoadable(libraries);
        return libraries;
    }

    /// <summary>Finds the files that C# has to be compiled against, and that no C# before it was.</summary>
    /// <param name="code">The C#.</param>
    /// <param name="file">The file that it stands in, or that a cell counts as.</param>
    public IReadOnlyList<string> NewFor(string code, string file)
    {
        var scripts = _scripts.LoadedBy(code, file)
            .Select(loaded => (File: loaded.Key, Code: CellSource.CSharpOf(loaded.Value)))
            .Append((File: file, Code: code))
            .ToList();
        // A package may hand out objects of any part of the platform.
        var isWebUsed = _packageFiles.Count > 0 || scripts.Any(script => PlatformAssemblies.NamesWeb(script.Code));
        var named = from script in scripts
                    from library in LibraryReferences.NamedBy(script.Code, script.File)
                    from needed in _libraries.WithDependencies(library, script.File)
                    select needed;
        return
        [
            .. _packageFiles.Concat(isWebUsed ? PlatformAssemblies.WebFiles : []).Concat(named)
                .Distinct()
                .Where(needed => !_used.Contains(needed)),
        ];
    }

    /// <summary>Returns the references to files.</summary>
    public IReadOnlyList<PortableExecutableReference> To(IEnumerable<string> files) => [.. files.Select(_libraries.ReferenceTo).Distinct()];

    /// <summary>Makes files, and what lies beside them, loadable.</summary>
    public void MakeLoadable(IEnumerable<string> files)
    {
        foreach (var library in files.Except(_packageFiles)) _context.Add(Path.GetDirectoryName(library)!);
    }

    /// <summary>Takes note that C# that later C# follows was compiled against files.</summary>
    public void Keep(IEnumerable<string> files) => _used.UnionWith(files);

    /// <inheritdoc/>
    public void Dispose()
    {
        _packages?.Dispose();
        _context.Dispose();
    }
}
