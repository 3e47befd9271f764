namespace MnistLab.Kernel;

/// <summary>The packages that a session has referred to so far.</summary>
internal sealed class PackageSet(string folder, NotebookLoadContext context)
{
    private readonly Dictionary<string, string?> _wanted = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _feeds = [];
    private readonly HashSet<string> _conflicts = new(StringComparer.Ordinal);
    private Dictionary<string, string> _versions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The folders of the packages in use.</summary>
    public IReadOnlyList<string> Folders { get; private set; } = [];

    /// <summary>Adds packages, and makes what is in them and in what they need loadable.</summary>
    /// <returns>The files that cells are compiled against from now on, and the version of each package that was asked
    /// for, and what of them is not used, in a sentence each.</returns>
    /// <exception cref="PackageException">A package is missing; it does not go with those that are in use; its
    /// version would have to change.</exception>
    public async Task<(IReadOnlyList<string> References, IReadOnlyList<(string Name, string Version)> Packages, IReadOnlyList<string> Conflicts)> AddAsync(
        IReadOnlyList<PackageDirective> packages,
        IReadOnlyList<string> feeds,
        CancellationToken cancellationToken)
    {
        AddFeeds(feeds);
        var wanted = new Dictionary<string, string?>(_wanted, _wanted.Comparer);
        foreach (var package in packages) wanted[package.Name] = package.Version ?? wanted.GetValueOrDefault(package.Name);
        if (packages.All(package => _wanted.TryGetValue(package.Name, out var version) && version == wanted[package.Name])) return ([], Named(packages, _versions), []);

        var restored = await RestoreAsync(wanted, cancellationToken);
        foreach (var (name, version) in restored.Versions)
        {
            if (_versions.TryGetValue(name, out var used) && used != version)
                throw new PackageException($"{name} {version} is needed now, and this notebook already uses {name} {used}. Restart the kernel, and refer to all packages before they are first used.");
        }

        foreach (var (name, version) in wanted) _wanted[name] = version;
        _versions = new(restored.Versions, _versions.Comparer);
        Folders = restored.Folders;
        context.Add(restored.Assemblies, NativeFolder.Combine(restored.Natives));
        string[] conflicts = [.. restored.Assemblies.Select(assembly => PlatformAssemblies.Conflict(assembly.Key, assembly.Value)).OfType<string>().Where(_conflicts.Add)];
        return (restored.References, Named(packages, _versions), conflicts);
    }

    private void AddFeeds(IReadOnlyList<string> feeds)
    {
        foreach (var feed in feeds)
        {
            // What is not an address is a folder, which is found from the notebook's.
            var isAddress = Uri.TryCreate(feed, UriKind.Absolute, out var address) && !address.IsFile;
            var source = isAddress ? feed : Path.GetFullPath(address?.LocalPath ?? feed, folder);
            if (!isAddress && !Directory.Exists(source))
                throw new PackageException($"The feed '{feed}' does not exist: there is no folder '{source}'. Correct the #i line and run the cell again.");
            if (!_feeds.Contains(source)) _feeds.Add(source);
        }
    }

    private async Task<RestoredPackages> RestoreAsync(Dictionary<string, string?> wanted, CancellationToken cancellationToken)
    {
        try
        {
            return await PackageRestore.RunAsync(folder, wanted, _feeds, cancellationToken);
        }
        catch (PackageException error)
        {
            // A feed that cannot be read would fail every later restore, too.
            string[] unreadable = [.. _feeds.Where(feed => error.UnreadableFeeds.Any(source => source.StartsWith(feed.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)))];
            if (unreadable.Length == 0) throw;
            _feeds.RemoveAll(unreadable.Contains);
            throw new PackageException($"{error.Message}\nThis session no longer uses {string.Join(" and ", unreadable)}. Correct the #i line and run the cell again.");
        }
    }

    private static IReadOnlyList<(string Name, string Version)> Named(IEnumerable<PackageDirective> packages, Dictionary<string, string> versions) =>
        [.. packages.Select(package => (package.Name, versions[package.Name])).Distinct()];
}
