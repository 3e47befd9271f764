using System.Text.RegularExpressions;
using MnistLab.Kernel.Directives;
using MnistLab.Kernel.Libraries;

namespace MnistLab.Kernel.Packages;

/// <summary>Represents the packages that a session has referenced so far.</summary>
internal sealed partial class PackageSet(string folder, NotebookLoadContext context, NativeFolders natives) : IDisposable
{
    private readonly Dictionary<string, string?> _wanted = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _feeds = [];
    private readonly HashSet<string> _conflicts = new(StringComparer.Ordinal);
    private Dictionary<string, string> _versions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the folders of the packages in use.</summary>
    public IReadOnlyList<string> Folders { get; private set; } = [];

    /// <summary>Adds packages, and makes them and their dependencies available for loading.</summary>
    /// <returns>
    /// The files to compile the following cells against, the version of each requested package, and a sentence for each
    /// assembly of the packages that is not used because of a conflict.
    /// </returns>
    /// <exception cref="PackageException">
    /// A package is missing, it is incompatible with those in use, or the version of a package in use would change.
    /// </exception>
    /// <exception cref="CellDirectiveException">A feed is neither a valid URL nor an existing folder.</exception>
    public async Task<(IReadOnlyList<string> References, IReadOnlyList<(string Name, string Version)> Packages, IReadOnlyList<string> Conflicts)> AddAsync(
        IReadOnlyList<PackageDirective> packages,
        IReadOnlyList<FeedDirective> feeds,
        CancellationToken cancellationToken)
    {
        AddFeeds(feeds);
        var wanted = new Dictionary<string, string?>(_wanted, _wanted.Comparer);
        foreach (var package in packages) wanted[package.Name] = package.Version ?? wanted.GetValueOrDefault(package.Name);
        if (packages.All(package => _wanted.TryGetValue(package.Name, out var version) && version == wanted[package.Name]))
            return ([], Named(packages, _versions), []);

        var restored = await RestoreAsync(wanted, cancellationToken);
        foreach (var (name, version) in restored.Versions)
        {
            if (_versions.TryGetValue(name, out var used) && used != version)
                throw new PackageException(
                    $"{name} {version} is required, but this notebook already uses {name} {used}. Restart the kernel, and reference all packages before you use any of them.");
        }

        foreach (var (name, version) in wanted) _wanted[name] = version;
        _versions = new(restored.Versions, _versions.Comparer);
        Folders = restored.Folders;
        context.Add(restored.Assemblies, await natives.CombineAsync(restored.Natives, cancellationToken));
        string[] conflicts = [.. restored.Assemblies
            .Select(assembly => PlatformAssemblies.Conflict(assembly.Key, assembly.Value))
            .OfType<string>()
            .Where(_conflicts.Add)];
        return (restored.References, Named(packages, _versions), conflicts);
    }

    /// <summary>Releases the locks on the folders of native libraries.</summary>
    public void Dispose() => natives.Dispose();

    private void AddFeeds(IReadOnlyList<FeedDirective> feeds)
    {
        foreach (var source in feeds.Select(SourceOf))
        {
            if (!_feeds.Contains(source)) _feeds.Add(source);
        }
    }

    private string SourceOf(FeedDirective feed)
    {
        var scheme = Scheme.Match(feed.Source) is { Success: true } match ? match.Groups["scheme"].Value : null;
        // A source that is not a URL is a folder, whose relative path starts at the folder of the notebook.
        if (scheme is null || scheme.Equals(Uri.UriSchemeFile, StringComparison.OrdinalIgnoreCase))
        {
            var isAddress = Uri.TryCreate(feed.Source, UriKind.Absolute, out var file);
            var source = Path.GetFullPath(isAddress ? file!.LocalPath : feed.Source, folder);
            return Directory.Exists(source) ? source : throw feed.Refused($"does not exist: there is no folder '{source}'.");
        }

        if (!scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase)
            && !scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase))
            throw feed.Refused($"has the scheme '{scheme}', which NuGet does not support: use https://, http://, or a folder.");
        return Uri.TryCreate(feed.Source, UriKind.Absolute, out _) && feed.Source.StartsWith($"{scheme}://", StringComparison.Ordinal)
            ? feed.Source
            : throw feed.Refused($"is not a valid address: it must begin with {scheme}:// and a host name.");
    }

    private async Task<RestoredPackages> RestoreAsync(Dictionary<string, string?> wanted, CancellationToken cancellationToken)
    {
        try
        {
            return await PackageRestore.RunAsync(folder, wanted, _feeds, cancellationToken);
        }
        catch (PackageException error)
        {
            // A feed that cannot be read would make every later restore fail.
            string[] unreadable = [.. _feeds.Where(feed => error.UnreadableFeeds.Any(
                source => source.StartsWith(feed.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)))];
            if (unreadable.Length == 0) throw;
            _feeds.RemoveAll(unreadable.Contains);
            throw new PackageException(
                $"{error.Message}\nThis session no longer uses {string.Join(" and ", unreadable)}. Correct the #i line and run the cell again.");
        }
    }

    // A single letter is a Windows drive.
    [GeneratedRegex(@"^(?<scheme>[a-z][a-z0-9+.-]+):/", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme { get; }

    private static IReadOnlyList<(string Name, string Version)> Named(
        IEnumerable<PackageDirective> packages, Dictionary<string, string> versions) =>
        [.. packages.Select(package => (package.Name, versions[package.Name])).Distinct()];
}
