using MnistLab.Kernel.Documents;

namespace MnistLab.Studio.Security;

/// <summary>
/// Provides access to the files of the workspace by their relative paths. No other files can be reached through Studio.
/// </summary>
internal sealed class WorkspaceFiles
{
    private readonly string _root;

    private readonly string _state;

    public WorkspaceFiles(StudioOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _root = Resolve(Path.GetFullPath(options.Workspace));
        _state = Path.Combine(_root, Path.GetRelativePath(options.Workspace, options.StateFolder));
    }

    /// <summary>Gets the folder of the workspace.</summary>
    public string Root => _root;

    /// <summary>Returns the full path of a file or folder, which need not exist.</summary>
    /// <param name="path">The path in the workspace, with slashes.</param>
    /// <exception cref="StudioException">The path lies outside the workspace.</exception>
    public string Locate(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(path)) throw Outside(path);
        var full = Path.GetFullPath(Path.Combine(_root, path.Replace('/', Path.DirectorySeparatorChar)));
        // If the path contains links, their targets must also lie in the workspace.
        return IsInside(full) && IsInside(Resolve(full)) ? full : throw Outside(path);
    }

    /// <summary>Returns whether a file is a notebook, by its name.</summary>
    public static bool IsNotebook(string file) =>
        Path.GetExtension(file).ToLowerInvariant() is NotebookDocument.Extension or ".dib";

    /// <summary>Returns the path of a file relative to the workspace, with slashes.</summary>
    public string NameOf(string file) => Path.GetRelativePath(_root, file).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Returns whether a file belongs to Studio's internal state.</summary>
    public bool IsPrivate(string file) =>
        Resolve(Path.GetFullPath(file)).StartsWith(_state + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private StudioException Outside(string path) =>
        new($"'{path}' is outside the workspace {_root}. Studio reads and writes files only in the workspace.");

    private bool IsInside(string full) =>
        full == _root || full.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // Resolves every link in a full path; parts that do not exist stay unchanged.
    private static string Resolve(string full)
    {
        var resolved = Path.GetPathRoot(full)!;
        foreach (var part in full[resolved.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(resolved, part);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            resolved = entry.LinkTarget is null ? next : entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next;
        }

        return resolved;
    }
}
