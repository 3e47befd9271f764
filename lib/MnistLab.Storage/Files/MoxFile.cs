using System.Runtime.CompilerServices;
using System.Text;
using MnistLab.Hosting;

namespace MnistLab.Storage.Files;

/// <summary>
/// Files and directories on this machine and in an object store alike, after MoXing's <c>mox.file</c>: a path is a local one, or an address <c>s3://bucket/key</c>
/// (<c>obs://</c> means the same). Names map one to one to the original's (<c>copy_parallel</c> → <see cref="CopyParallelAsync"/>).
/// </summary>
/// <remarks>
/// A file is written whole or not at all, also where one is replaced. In an object store a directory is there while something lies below it.
/// <para>
/// <see cref="CopyAsync"/>: a file to a path where nothing is, or onto a file, which is replaced. An error: a directory as the source (use <see cref="CopyParallelAsync"/>),
/// a directory as the destination (name the file in it), a source that is not there. Onto itself: nothing happens.
/// </para>
/// <para>
/// <see cref="CopyParallelAsync"/>: a directory to a path where nothing is, or into a directory: files of the same name are replaced, others stay.
/// An error: a file as the source or the destination, a source that is not there, a directory into itself.
/// </para>
/// <para>
/// <see cref="RemoveAsync"/>: a file; a directory with everything in it if it is to be <c>recursive</c>, else an error. Where nothing is: an error.
/// </para>
/// <para>
/// <see cref="RenameAsync"/>: a file or a directory to a path where nothing is; an error where something is. In an object store, and between one and this machine,
/// it is a copy and a removal: what is interrupted may be in both places, and never in none.
/// </para>
/// Every method throws <see cref="MoxFileException"/> for what makes no sense, <see cref="ObjectStoreException"/> for what the store refuses or fails in,
/// and other <see cref="IOException"/>s and <see cref="UnauthorizedAccessException"/> for what this machine's disk does.
/// </remarks>
/// <param name="store">The object store of <c>s3://</c> addresses.</param>
public sealed class MoxFile(IObjectStore store)
{
    private const string StoreScheme = "s3://";
    private const string ObsScheme = "obs://";

    private readonly LocalFiles _local = new();
    private readonly StoreFiles _stored = new(store);

    /// <summary>Whether a file or a directory is there.</summary>
    public async Task<bool> ExistsAsync(string path, CancellationToken cancellationToken = default) => await FindAsync(path, cancellationToken) is not null;

    /// <summary>Whether a directory is there.</summary>
    public Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken = default)
    {
        (var space, path) = Locate(path);
        return space.IsDirectoryAsync(path, cancellationToken);
    }

    /// <summary>What is at a path.</summary>
    /// <exception cref="MoxFileException">Nothing is.</exception>
    public async Task<FileStat> StatAsync(string path, CancellationToken cancellationToken = default) => await FindAsync(path, cancellationToken) ?? throw Missing(path);

    /// <summary>The size of a file in bytes, or of all files in a directory.</summary>
    /// <param name="path">The file or directory.</param>
    /// <param name="recursive">Whether it may be a directory.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MoxFileException">Nothing is there, or a directory that was not to be.</exception>
    public async Task<long> GetSizeAsync(string path, bool recursive = false, CancellationToken cancellationToken = default)
    {
        var stat = await StatAsync(path, cancellationToken);
        if (!stat.IsDirectory) return stat.Length;
        if (!recursive) throw new MoxFileException(path, $"{path} is a directory, which has no size of its own. Ask with recursive: true for the size of all files in it.");
        return await DescendantsAsync(Locate(path).Space, stat.Path, "", cancellationToken).AggregateAsync(0L, (sum, item) => sum + item.Stat.Length, cancellationToken);
    }

    /// <summary>The names of what is in a directory, in ordinal order; with <paramref name="recursive"/> the relative paths of everything below it, with slashes.</summary>
    /// <exception cref="MoxFileException">No directory is there.</exception>
    public async Task<IReadOnlyList<string>> ListDirectoryAsync(string path, bool recursive = false, CancellationToken cancellationToken = default)
    {
        (var space, path) = Locate(path);
        await RequireDirectoryAsync(space, path, cancellationToken);
        if (!recursive) return [.. (await space.ChildrenAsync(path, cancellationToken)).Select(item => item.Name).Distinct()];
        return [.. (await DescendantsAsync(space, path, "", cancellationToken).Select(item => item.Relative).ToListAsync(cancellationToken)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// The paths that match a pattern, in ordinal order: <c>*</c> and <c>?</c> within a name, <c>[a-z]</c> and <c>[!a-z]</c> for one character,
    /// <c>**</c> as a whole name for any number of directories. None where nothing matches.
    /// </summary>
    /// <exception cref="MoxFileException">The pattern makes no sense.</exception>
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
            throw new MoxFileException(pattern, $"'{pattern}' is no pattern: {error.Message} Write sets as [a-z].", error);
        }

        if (!glob.HasWildcard) return await space.FindAsync(pattern, cancellationToken) is { } single ? [single.Path] : [];
        var directory = glob.Base.Length == 0 ? "." : glob.Base;
        if (!await space.IsDirectoryAsync(directory, cancellationToken)) return [];
        var found = glob.IsDeep
            ? await DescendantsAsync(space, directory, "", cancellationToken).Where(item => glob.IsMatch(item.Relative)).Select(item => item.Stat.Path).ToListAsync(cancellationToken)
            : [.. (await space.ChildrenAsync(directory, cancellationToken)).Where(item => glob.IsMatch(item.Name)).Select(item => item.Path)];
        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>Goes through a directory and all below it, each before those in it.</summary>
    /// <exception cref="MoxFileException">No directory is there.</exception>
    public async IAsyncEnumerable<WalkedDirectory> WalkAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (var space, path) = Locate(path);
        await RequireDirectoryAsync(space, path, cancellationToken);
        var open = new Stack<string>([path]);
        while (open.TryPop(out var directory))
        {
            var children = await space.ChildrenAsync(directory, cancellationToken);
            var directories = children.Where(item => item.IsDirectory).ToList();
            yield return new WalkedDirectory(directory, [.. directories.Select(item => item.Name)], [.. children.Where(item => !item.IsDirectory).Select(item => item.Name)]);
            foreach (var item in Enumerable.Reverse(directories)) open.Push(item.Path);
        }
    }

    /// <summary>Opens a file for reading. The caller disposes the stream.</summary>
    /// <exception cref="MoxFileException">No file is there.</exception>
    public async Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await RequireFileAsync(path, cancellationToken);
        (var space, path) = Locate(path);
        return await space.OpenAsync(path, cancellationToken);
    }

    /// <summary>Reads a text, in UTF-8.</summary>
    /// <exception cref="MoxFileException">No file is there.</exception>
    public async Task<string> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var content = await OpenReadAsync(path, cancellationToken);
        using var reader = new StreamReader(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Reads all bytes of a file.</summary>
    /// <exception cref="MoxFileException">No file is there.</exception>
    public async Task<byte[]> ReadBytesAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var content = await OpenReadAsync(path, cancellationToken);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    /// <summary>Writes a text in UTF-8, replacing a file that is there. Directories on the way are made.</summary>
    /// <exception cref="MoxFileException">A directory is there.</exception>
    public Task WriteAsync(string path, string text, CancellationToken cancellationToken = default) => WriteBytesAsync(path, Encoding.UTF8.GetBytes(text), cancellationToken);

    /// <summary>Writes bytes, replacing a file that is there. Directories on the way are made.</summary>
    /// <exception cref="MoxFileException">A directory is there.</exception>
    public async Task WriteBytesAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        (var space, path) = Locate(path);
        RequireFilePath(space, path);
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        await space.WriteAsync(path, stream, cancellationToken);
    }

    /// <summary>Adds a text in UTF-8 to the end of a file; makes the file if it is not there. It is read and written anew, whole: of two that append at a time one may be lost.</summary>
    /// <exception cref="MoxFileException">A directory is there.</exception>
    public async Task AppendAsync(string path, string text, CancellationToken cancellationToken = default)
    {
        var before = await FindAsync(path, cancellationToken) is { IsDirectory: false } ? await ReadBytesAsync(path, cancellationToken) : [];
        await WriteBytesAsync(path, (byte[])[.. before, .. Encoding.UTF8.GetBytes(text)], cancellationToken);
    }

    /// <summary>Copies one file; see the remarks for what may be where.</summary>
    /// <exception cref="MoxFileException">The source is no file, or the destination a directory.</exception>
    public async Task CopyAsync(string source, string destination, CancellationToken cancellationToken = default)
    {
        await RequireFileAsync(source, cancellationToken);
        var (from, to) = (Locate(source), Locate(destination));
        RequireFilePath(to.Space, to.Path);
        if (await to.Space.FindAsync(to.Path, cancellationToken) is { IsDirectory: true })
            throw new MoxFileException(destination, $"{destination} is a directory. Name the file in it: {to.Space.Join(to.Path, (await from.Space.FindAsync(from.Path, cancellationToken))?.Name ?? "name")}.");
        await CopyFileAsync(from, to, cancellationToken);
    }

    /// <summary>Copies a directory with everything in it, some files at a time; see the remarks for what may be where.</summary>
    /// <param name="source">The directory.</param>
    /// <param name="destination">What becomes its copy.</param>
    /// <param name="threads">How many files at a time, at least 1.</param>
    /// <param name="progress">Told after each file.</param>
    /// <param name="cancellationToken">Ends it between two files or within one; files that are copied stay, and are whole.</param>
    /// <returns>How many files were copied.</returns>
    /// <exception cref="MoxFileException">The source is no directory, the destination a file, or one lies in the other.</exception>
    public async Task<int> CopyParallelAsync(string source, string destination, int threads = 8, IProgress<CopyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        NumberRange.RequireAtLeast(threads, 1);
        var (from, to) = (Locate(source), Locate(destination));
        await RequireDirectoryAsync(from.Space, from.Path, cancellationToken);
        if (await to.Space.FindAsync(to.Path, cancellationToken) is { IsDirectory: false })
            throw new MoxFileException(destination, $"{destination} is a file, so no directory can be copied to it. Choose another name, or remove it first.");
        if (from.Space == to.Space && to.Space.Normalize(to.Path).StartsWith(from.Space.Normalize(from.Path), StringComparison.Ordinal))
            throw new MoxFileException(destination, $"{source} cannot be copied into itself ({destination}). Choose a destination outside of it.");

        var items = await DescendantsAsync(from.Space, from.Path, "", cancellationToken).ToListAsync(cancellationToken);
        var files = items.Where(item => !item.Stat.IsDirectory).ToList();
        if (to.Space == _local) FileNameRules.PathsOf(to.Path, [.. files.Select(file => file.Relative)]);
        foreach (var directory in items.Where(item => item.Stat.IsDirectory).Select(item => item.Relative).Prepend(""))
            await to.Space.MakeDirectoryAsync(Join(to, directory), cancellationToken);

        var (done, doneBytes, bytes, gate) = (0, 0L, files.Sum(file => file.Stat.Length), new Lock());
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, async (file, token) =>
        {
            await CopyFileAsync((from.Space, file.Stat.Path), (to.Space, Join(to, file.Relative)), token);
            lock (gate)
            {
                done++;
                doneBytes += file.Stat.Length;
                progress?.Report(new CopyProgress(done, files.Count, doneBytes, bytes));
            }
        });
        return files.Count;
    }

    /// <summary>Makes a directory, and those on the way; one that is there stays as it is. In an object store it needs no making, but its bucket has to be there.</summary>
    /// <exception cref="MoxFileException">A file is there.</exception>
    public async Task MakeDirsAsync(string path, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(path, cancellationToken) is { IsDirectory: false }) throw new MoxFileException(path, $"{path} is a file. Choose another name for the directory, or remove the file first.");
        (var space, path) = Locate(path);
        await space.MakeDirectoryAsync(path, cancellationToken);
    }

    /// <summary>Removes a file, or a directory with everything in it; see the remarks.</summary>
    /// <exception cref="MoxFileException">Nothing is there, or a directory and <paramref name="recursive"/> is false.</exception>
    public async Task RemoveAsync(string path, bool recursive = false, CancellationToken cancellationToken = default)
    {
        var stat = await StatAsync(path, cancellationToken);
        (var space, path) = Locate(path);
        if (!stat.IsDirectory) await space.RemoveFileAsync(path, cancellationToken);
        else if (recursive) await space.RemoveDirectoryAsync(path, cancellationToken);
        else throw new MoxFileException(path, $"{path} is a directory. Remove it with recursive: true, and everything in it goes, too.");
    }

    /// <summary>Gives a file or a directory another path; see the remarks.</summary>
    /// <exception cref="MoxFileException">Nothing is at <paramref name="source"/>, or something at <paramref name="destination"/>.</exception>
    public async Task RenameAsync(string source, string destination, CancellationToken cancellationToken = default)
    {
        var stat = await StatAsync(source, cancellationToken);
        if (await ExistsAsync(destination, cancellationToken)) throw new MoxFileException(destination, $"{destination} is there already, so {source} was not renamed. Remove it first, or choose another name.");
        var (from, to) = (Locate(source), Locate(destination));
        if (from.Space == _local && to.Space == _local)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(to.Path)))!);
            if (stat.IsDirectory) Directory.Move(from.Path, to.Path);
            else File.Move(from.Path, to.Path);
            return;
        }

        if (stat.IsDirectory) await CopyParallelAsync(source, destination, cancellationToken: cancellationToken);
        else await CopyAsync(source, destination, cancellationToken);
        await RemoveAsync(source, recursive: true, cancellationToken);
    }

    private static MoxFileException Missing(string path) => new(path, $"Nothing is at {path}. Check the name, or list the directory to see what is there.");

    private static void RequireFilePath(IFileSystem space, string path)
    {
        if (path.EndsWith('/') || path.EndsWith(Path.DirectorySeparatorChar) || (space is LocalFiles && Directory.Exists(path)))
            throw new MoxFileException(path, $"{path} is a directory. Name the file in it.");
    }

    private static async Task RequireDirectoryAsync(IFileSystem space, string path, CancellationToken cancellationToken)
    {
        if (await space.IsDirectoryAsync(path, cancellationToken)) return;
        throw await space.FindAsync(path, cancellationToken) is null ? Missing(path) : new MoxFileException(path, $"{path} is a file, not a directory. Give the directory that holds it.");
    }

    private static string Join((IFileSystem Space, string Path) directory, string relative) => relative.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(directory.Path, directory.Space.Join);

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
        if ((await StatAsync(path, cancellationToken)).IsDirectory) throw new MoxFileException(path, $"{path} is a directory, not a file. Name a file in it; {nameof(CopyParallelAsync)} copies directories.");
    }

    private Task<FileStat?> FindAsync(string path, CancellationToken cancellationToken)
    {
        (var space, path) = Locate(path);
        return space.FindAsync(path, cancellationToken);
    }

    private async Task CopyFileAsync((IFileSystem Space, string Path) from, (IFileSystem Space, string Path) to, CancellationToken cancellationToken)
    {
        if (from.Space == to.Space && from.Space.Normalize(from.Path) == to.Space.Normalize(to.Path)) return;
        if (from.Space == _stored && to.Space == _stored)
        {
            await _stored.CopyAsync(from.Path, to.Path, cancellationToken);
            return;
        }

        await using var content = await from.Space.OpenAsync(from.Path, cancellationToken);
        await to.Space.WriteAsync(to.Path, content, cancellationToken);
    }

    private (IFileSystem Space, string Path) Locate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return path.StartsWith(ObsScheme, StringComparison.Ordinal) ? (_stored, $"{StoreScheme}{path[ObsScheme.Length..]}")
            : path.StartsWith(StoreScheme, StringComparison.Ordinal) ? (_stored, path)
            : (_local, path);
    }
}
