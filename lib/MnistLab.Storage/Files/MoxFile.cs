using System.Runtime.CompilerServices;
using System.Text;

namespace MnistLab.Storage.Files;

/// <summary>
/// Provides operations on files and directories on this machine and in an object store, modeled on MoXing's
/// <c>mox.file</c>: a path is a local path or an address <c>s3://bucket/key</c> (<c>obs://</c> means the same). Names
/// map one to one to the original's (<c>copy_parallel</c> → <see cref="CopyParallelAsync"/>).
/// </summary>
/// <remarks>
/// Files are written and replaced atomically. In an object store, a directory exists as long as there is an object
/// below it.
/// <para>
/// <see cref="CopyAsync"/> copies a file to a new path, or replaces an existing file. It fails if the source does not
/// exist or is a directory (use <see cref="CopyParallelAsync"/>), or if the destination is a directory (name the file
/// in it). Copying a file to itself does nothing.
/// </para>
/// <para>
/// <see cref="CopyParallelAsync"/> copies a directory to a new path, or into an existing directory: files of the same
/// name are replaced, others stay. It fails if the source does not exist, if the source or the destination is a file,
/// or if the destination lies in the source.
/// </para>
/// <para>
/// <see cref="RemoveAsync"/> removes a file, or, if <c>recursive</c> is true, a directory with everything in it. It
/// fails if the path does not exist, or is a directory and <c>recursive</c> is false.
/// </para>
/// <para>
/// <see cref="RenameAsync"/> moves a file or directory to a path that does not exist, and fails if it does. Within an
/// object store, and between one and this machine, it copies and then removes: after an interruption, files may exist
/// in both places, but never in neither.
/// </para>
/// Every method throws <see cref="MoxFileException"/> for an invalid operation, <see cref="ObjectStoreException"/> if
/// the store rejects a request or fails, and other <see cref="IOException"/>s and
/// <see cref="UnauthorizedAccessException"/> for failures of this machine's disk.
/// </remarks>
/// <param name="store">The object store that <c>s3://</c> addresses refer to.</param>
public sealed partial class MoxFile(IObjectStore store)
{
    private const string StoreScheme = "s3://";
    private const string ObsScheme = "obs://";

    private readonly LocalFiles _local = new();
    private readonly StoreFiles _stored = new(store);

    /// <summary>Returns whether a file or directory exists.</summary>
    public async Task<bool> ExistsAsync(string path, CancellationToken cancellationToken = default) =>
        await FindAsync(path, cancellationToken) is not null;

    /// <summary>Returns whether a directory exists.</summary>
    public Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken = default)
    {
        (var space, path) = Locate(path);
        return space.IsDirectoryAsync(path, cancellationToken);
    }

    /// <summary>Returns the metadata of a file or directory.</summary>
    /// <exception cref="MoxFileException">The path does not exist.</exception>
    public async Task<FileStat> StatAsync(string path, CancellationToken cancellationToken = default) =>
        await FindAsync(path, cancellationToken) ?? throw Missing(path);

    /// <summary>Returns the size of a file, or of all files in a directory, in bytes.</summary>
    /// <param name="path">The file or directory.</param>
    /// <param name="recursive">Whether the path may be a directory.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="MoxFileException">
    /// The path does not exist, or is a directory and <paramref name="recursive"/> is false.
    /// </exception>
    public async Task<long> GetSizeAsync(string path, bool recursive = false, CancellationToken cancellationToken = default)
    {
        var stat = await StatAsync(path, cancellationToken);
        if (!stat.IsDirectory) return stat.Length;
        if (!recursive)
            throw new MoxFileException(
                path, $"{path} is a directory, which has no size of its own. Pass recursive: true to get the total size of its files.");
        return await DescendantsAsync(Locate(path).Space, stat.Path, "", cancellationToken).AggregateAsync(
            0L, (sum, item) => sum + item.Stat.Length, cancellationToken);
    }

    /// <summary>
    /// Returns the names of the entries of a directory, in ordinal order; if <paramref name="recursive"/> is true, the
    /// relative paths of all its descendants, with slashes.
    /// </summary>
    /// <exception cref="MoxFileException">There is no directory at the path.</exception>
    public async Task<IReadOnlyList<string>> ListDirectoryAsync(
        string path, bool recursive = false, CancellationToken cancellationToken = default)
    {
        (var space, path) = Locate(path);
        await RequireDirectoryAsync(space, path, cancellationToken);
        if (!recursive) return [.. (await space.ChildrenAsync(path, cancellationToken)).Select(item => item.Name).Distinct()];
        return [.. (await DescendantsAsync(space, path, "", cancellationToken)
            .Select(item => item.Relative)
            .ToListAsync(cancellationToken)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Returns the paths that match a pattern, in ordinal order: <c>*</c> and <c>?</c> within a name, <c>[a-z]</c> and
    /// <c>[!a-z]</c> for one character, <c>**</c> as a whole name for any number of directories. Empty if nothing
    /// matches.
    /// </summary>
    /// <exception cref="MoxFileException">The pattern is not valid.</exception>
    public async Task<IReadOnlyList<string>> GlobAsync(string pattern, CancellationToken cancellationToken = default)
    {
        (var space, pattern) = Locate(pattern);
        var isStored = space == _stored;
        GlobPattern glob;
        try
        {
            var root = isStored ? pattern.IndexOf('/', StoreScheme.Length) + 1 : Path.GetPathRoot(pattern)!.Length;
            glob = new GlobPattern(pattern, isStored ? ['/'] : [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], root);
        }
        catch (ArgumentException error)
        {
            throw new MoxFileException(pattern, $"'{pattern}' is not a valid pattern: {error.Message} Write sets as [a-z].", error);
        }

        if (!glob.HasWildcard) return await space.FindAsync(pattern, cancellationToken) is { } single ? [single.Path] : [];
        var directory = glob.Base.Length == 0 ? "." : glob.Base;
        if (!await space.IsDirectoryAsync(directory, cancellationToken)) return [];
        var found = glob.IsDeep
            ? await DescendantsAsync(space, directory, "", cancellationToken)
                .Where(item => glob.IsMatch(item.Relative))
                .Select(item => item.Stat.Path)
                .ToListAsync(cancellationToken)
            : [.. (await space.ChildrenAsync(directory, cancellationToken))
                .Where(item => glob.IsMatch(item.Name))
                .Select(item => item.Path)];
        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>Enumerates a directory and its subdirectories, parents before children.</summary>
    /// <exception cref="MoxFileException">There is no directory at the path.</exception>
    public async IAsyncEnumerable<WalkedDirectory> WalkAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (var space, path) = Locate(path);
        await RequireDirectoryAsync(space, path, cancellationToken);
        var open = new Stack<string>([path]);
        while (open.TryPop(out var directory))
        {
            var children = await space.ChildrenAsync(directory, cancellationToken);
            var directories = children.Where(item => item.IsDirectory).ToList();
            yield return new WalkedDirectory(
                directory,
                [.. directories.Select(item => item.Name)],
                [.. children.Where(item => !item.IsDirectory).Select(item => item.Name)]);
            foreach (var item in Enumerable.Reverse(directories)) open.Push(item.Path);
        }
    }

    /// <summary>Opens a file for reading. The caller disposes the stream.</summary>
    /// <exception cref="MoxFileException">There is no file at the path.</exception>
    public async Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await RequireFileAsync(path, cancellationToken);
        (var space, path) = Locate(path);
        return await space.OpenAsync(path, cancellationToken);
    }

    /// <summary>Reads a UTF-8 text file.</summary>
    /// <exception cref="MoxFileException">There is no file at the path.</exception>
    public async Task<string> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var content = await OpenReadAsync(path, cancellationToken);
        using var reader = new StreamReader(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Reads all bytes of a file.</summary>
    /// <exception cref="MoxFileException">There is no file at the path.</exception>
    public async Task<byte[]> ReadBytesAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var content = await OpenReadAsync(path, cancellationToken);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    private static MoxFileException Missing(string path) =>
        new(path, $"{path} does not exist. Check the name, or list the directory to see what it contains.");

    private static void RequireFilePath(IFileSystem space, string path)
    {
        if (path.EndsWith('/') || path.EndsWith(Path.DirectorySeparatorChar) || (space is LocalFiles && Directory.Exists(path)))
            throw new MoxFileException(path, $"{path} is a directory. Name the file in it.");
    }

    private static async Task RequireDirectoryAsync(IFileSystem space, string path, CancellationToken cancellationToken)
    {
        if (await space.IsDirectoryAsync(path, cancellationToken)) return;
        throw await space.FindAsync(path, cancellationToken) is null
            ? Missing(path)
            : new MoxFileException(path, $"{path} is a file, not a directory. Give the directory that holds it.");
    }

    private static string Join((IFileSystem Space, string Path) directory, string relative) =>
        relative.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(directory.Path, directory.Space.Join);

    private static async IAsyncEnumerable<(string Relative, FileStat Stat)> DescendantsAsync(
        IFileSystem space, string directory, string relative, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var child in await space.ChildrenAsync(directory, cancellationToken))
        {
            var path = relative + child.Name;
            yield return (path, child);
            if (!child.IsDirectory) continue;
            await foreach (var item in DescendantsAsync(space, child.Path, path + "/", cancellationToken)) yield return item;
        }
    }

    private async Task RequireFileAsync(string path, CancellationToken cancellationToken)
    {
        if ((await StatAsync(path, cancellationToken)).IsDirectory)
            throw new MoxFileException(
                path, $"{path} is a directory, not a file. Name a file in it; {nameof(CopyParallelAsync)} copies directories.");
    }

    private Task<FileStat?> FindAsync(string path, CancellationToken cancellationToken)
    {
        (var space, path) = Locate(path);
        return space.FindAsync(path, cancellationToken);
    }

    private (IFileSystem Space, string Path) Locate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return path.StartsWith(ObsScheme, StringComparison.Ordinal) ? (_stored, $"{StoreScheme}{path[ObsScheme.Length..]}")
            : path.StartsWith(StoreScheme, StringComparison.Ordinal) ? (_stored, path)
            : (_local, path);
    }
}
