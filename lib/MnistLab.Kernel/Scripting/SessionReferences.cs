using Microsoft.CodeAnalysis;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Libraries;
using MnistLab.Kernel.Packages;

namespace MnistLab.Kernel.Scripting;

/// <summary>Represents the libraries, packages, and scripts that the cells of a session reference.</summary>
/// <param name="folder">The folder that relative paths start at.</param>
/// <param name="snapshots">
/// The snapshots to use instead of the libraries that cells reference; null to use the libraries themselves.
/// </param>
internal sealed class SessionReferences(string folder, LibrarySnapshots? snapshots) : IDisposable
{
    private readonly LibraryReferences _libraries = new(folder, snapshots);
    private readonly ScriptFiles _scripts = new(folder);
    private readonly NotebookLoadContext _context = new();
    private readonly List<string> _packageFiles = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private PackageSet? _packages;

    /// <summary>Gets the load context of the notebook's libraries.</summary>
    public NotebookLoadContext LoadContext => _context;

    /// <summary>Gets the resolver of <c>#r</c>.</summary>
    public MetadataReferenceResolver Libraries => _libraries;

    /// <summary>Gets the resolver of <c>#load</c>.</summary>
    public SourceReferenceResolver Scripts => _scripts;

    /// <summary>Gets the folders of the packages in use.</summary>
    public IReadOnlyList<string> PackageFolders => Packages.Folders;

    private PackageSet Packages => _packages ??= new(folder, _context, NativeFolders.OfUser());

    /// <summary>
    /// Returns the names of libraries in use that have been rebuilt since they were loaded, once for each change.
    /// </summary>
    public IReadOnlyList<string> TakeChangedLibraries() => snapshots?.TakeChanges() ?? [];

    /// <summary>Adds packages for all following submissions.</summary>
    /// <returns>
    /// The names and versions of the packages, and a sentence for each assembly of the packages that is not used
    /// because of a conflict.
    /// </returns>
    /// <exception cref="PackageException">A package cannot be restored, or is incompatible with the others.</exception>
    public async Task<(IReadOnlyList<(string Name, string Version)> Packages, IReadOnlyList<string> Conflicts)> AddPackagesAsync(
        IReadOnlyList<PackageDirective> packages, IReadOnlyList<FeedDirective> feeds, CancellationToken cancellationToken)
    {
        var (references, found, conflicts) = await Packages.AddAsync(packages, feeds, cancellationToken);
        _packageFiles.AddRange(references);
        return (found, conflicts);
    }

    /// <summary>Finds the scripts that C# code loads, directly or indirectly.</summary>
    /// <param name="code">The code.</param>
    /// <param name="file">The file that contains the code; for a cell, its virtual file name.</param>
    /// <exception cref="CellDirectiveException">
    /// A directive of a script lacks an argument, or its argument is invalid.
    /// </exception>
    public IEnumerable<CellSource> LoadedBy(string code, string file) =>
        _scripts.LoadedBy(code, file).Select(loaded => CellSource.ParseFile(loaded.Value, loaded.Key));

    /// <summary>
    /// Finds the libraries that C# code references with <c>#r</c>, and makes all libraries in their folders available
    /// for loading.
    /// </summary>
    /// <param name="code">The code.</param>
    /// <param name="file">The file that contains the code; for a cell, its virtual file name.</param>
    public IReadOnlyList<string> LibrariesNamedBy(string code, string file)
    {
        var found = LibraryReferences.NamedBy(code, file).Select(named => _libraries.WithDependencies(named, file).FirstOrDefault());
        string[] libraries = [.. found.OfType<string>()];
        MakeLoadable(libraries);
        return libraries;
    }

    /// <summary>
    /// Finds the files that C# code must be compiled against, except those that earlier submissions already reference.
    /// </summary>
    /// <param name="code">The code.</param>
    /// <param name="file">The file that contains the code; for a cell, its virtual file name.</param>
    public IReadOnlyList<string> NewFor(string code, string file)
    {
        var scripts = _scripts.LoadedBy(code, file)
            .Select(loaded => (File: loaded.Key, Code: CellSource.CSharpOf(loaded.Value)))
            .Append((File: file, Code: code))
            .ToList();
        // The types of a package may refer to any part of the platform.
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

    /// <summary>Makes files, and the libraries in their folders, available for loading.</summary>
    public void MakeLoadable(IEnumerable<string> files)
    {
        foreach (var library in files.Except(_packageFiles)) _context.Add(Path.GetDirectoryName(library)!);
    }

    /// <summary>Marks files as referenced, so that following submissions inherit the references.</summary>
    public void Keep(IEnumerable<string> files) => _used.UnionWith(files);

    /// <inheritdoc/>
    public void Dispose()
    {
        _packages?.Dispose();
        _context.Dispose();
    }
}
