namespace MnistLab.Kernel;

/// <summary>The packages that a session has referred to so far.</summary>
internal sealed class PackageSet(string folder, LibraryFolders libraries)
{
    private readonly Dictionary<string, string?> _wanted = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _feeds = [];
    public IReadOnlyList<string> Folders { get; private set; } = [];

    private Dictionary<string, string> _versions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds packages, and makes what is in them and in what they need loadable.</summary>
    /// <returns>The files that cells are compiled against from now on, and the version of each package that was asked for.</returns>
    /// <exception cref="PackageException">A package is missing; it does not go with those that are in use; its version would have to change.</exception>
    public async Task<(IReadOnlyList<string> References, IReadOnlyList<(string Name, string Version)> Packages)> AddAsync(
        IReadOnlyList<PackageDirective> packages,
        IReadOnlyList<string> feeds,
        CancellationToken cancellationToken)
    {
        // A feed that is no address is a folder, which is found from the notebook's.
        foreach (var feed in feeds) _feeds.Add(Uri.TryCreate(feed, UriKind.Absolute, out _) ? feed : Path.GetFullPath(feed, folder));
        var wanted = new Dictionary<string, string?>(_wanted, _wanted.Comparer);
        foreach (var package in packages) wanted[package.Name] = package.Version ?? wanted.GetValueOrDefault(package.Name);
        if (packages.All(package => _wanted.TryGetValue(package.Name, out var version) && version == wanted[package.Name])) return ([], Named(packages, _versions));

        var restored = await PackageRestore.RunAsync(folder, wanted, _feeds, cancellationToken);
        foreach (var (name, version) in restored.Versions)
        {
            if (_versions.TryGetValue(name, out var used) && used != version)
                throw new PackageException($"{name} {version} is needed now, and this notebook already uses {name} {used}. Restart the kernel, and refer to all packages before they are first used.");
        }

        foreach (var (name, version) in wanted) _wanted[name] = version;
        _versions = new(restored.Versions, _versions.Comparer);
        Folders = restored.Folders;
        libraries.Add(restored.Assemblies, restored.Natives);
        return (restored.References, Named(packages, _versions));
    }

    private static IReadOnlyList<(string Name, string Version)> Named(IEnumerable<PackageDirective> packages, Dictionary<string, string> versions) =>
        [.. packages.Select(package => (package.Name, versions[package.Name])).Distinct()];
}
