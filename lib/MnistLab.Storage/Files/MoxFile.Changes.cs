using System.Text;
using MnistLab.Hosting;

namespace MnistLab.Storage.Files;

/// <content>Writes, copies, moves, and removes files and directories.</content>
public sealed partial class MoxFile
{
    /// <summary>
    /// Writes text in UTF-8, and replaces an existing file. Missing parent directories are created.
    /// </summary>
    /// <exception cref="MoxFileException">The path is a directory.</exception>
    public Task WriteAsync(string path, string text, CancellationToken cancellationToken = default) =>
        WriteBytesAsync(path, Encoding.UTF8.GetBytes(text), cancellationToken);

    /// <summary>Writes bytes, and replaces an existing file. Missing parent directories are created.</summary>
    /// <exception cref="MoxFileException">The path is a directory.</exception>
    public async Task WriteBytesAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        (var space, path) = Locate(path);
        RequireFilePath(space, path);
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        await space.WriteAsync(path, stream, cancellationToken);
    }

    /// <summary>
    /// Appends text in UTF-8 to a file, which is created if it does not exist. The whole file is read and rewritten: if
    /// two callers append at the same time, one text may be lost.
    /// </summary>
    /// <exception cref="MoxFileException">The path is a directory.</exception>
    public async Task AppendAsync(string path, string text, CancellationToken cancellationToken = default)
    {
        var before = await FindAsync(path, cancellationToken) is { IsDirectory: false }
            ? await ReadBytesAsync(path, cancellationToken)
            : [];
        await WriteBytesAsync(path, (byte[])[.. before, .. Encoding.UTF8.GetBytes(text)], cancellationToken);
    }

    /// <summary>Copies one file; see the remarks for valid sources and destinations.</summary>
    /// <exception cref="MoxFileException">The source is not a file, or the destination is a directory.</exception>
    public async Task CopyAsync(string source, string destination, CancellationToken cancellationToken = default)
    {
        await RequireFileAsync(source, cancellationToken);
        var (from, to) = (Locate(source), Locate(destination));
        RequireFilePath(to.Space, to.Path);
        if (await to.Space.FindAsync(to.Path, cancellationToken) is { IsDirectory: true })
            throw new MoxFileException(
                destination,
                $"{destination} is a directory. Name the file in it: {to.Space.Join(to.Path, (await from.Space.FindAsync(from.Path, cancellationToken))?.Name ?? "name")}.");
        await CopyFileAsync(from, to, cancellationToken);
    }

    /// <summary>
    /// Copies a directory with everything in it, several files at a time; see the remarks for valid sources and
    /// destinations.
    /// </summary>
    /// <param name="source">The directory.</param>
    /// <param name="destination">The path of the copy.</param>
    /// <param name="threads">The maximum number of files copied at a time, at least 1.</param>
    /// <param name="progress">Receives the progress after each file.</param>
    /// <param name="cancellationToken">
    /// Cancels the operation, also within a file; files already copied stay, and are complete.
    /// </param>
    /// <returns>The number of files copied.</returns>
    /// <exception cref="MoxFileException">
    /// The source is not a directory, the destination is a file, or the destination lies in the source.
    /// </exception>
    public async Task<int> CopyParallelAsync(
        string source,
        string destination,
        int threads = 8,
        IProgress<CopyProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        NumberRange.RequireAtLeast(threads, 1);
        var (from, to) = (Locate(source), Locate(destination));
        await RequireDirectoryAsync(from.Space, from.Path, cancellationToken);
        if (await to.Space.FindAsync(to.Path, cancellationToken) is { IsDirectory: false })
            throw new MoxFileException(
                destination, $"{destination} is a file, so no directory can be copied to it. Choose another name, or remove it first.");
        if (from.Space == to.Space && to.Space.Normalize(to.Path).StartsWith(from.Space.Normalize(from.Path), StringComparison.Ordinal))
            throw new MoxFileException(
                destination,
                $"{source} cannot be copied into itself ({destination}). Choose a destination outside it.");

        var items = await DescendantsAsync(from.Space, from.Path, "", cancellationToken).ToListAsync(cancellationToken);
        var files = items.Where(item => !item.Stat.IsDirectory).ToList();
        if (to.Space == _local) FileNameRules.PathsOf(to.Path, [.. files.Select(file => file.Relative)]);
        foreach (var directory in items.Where(item => item.Stat.IsDirectory).Select(item => item.Relative).Prepend(""))
            await to.Space.MakeDirectoryAsync(Join(to, directory), cancellationToken);

        var (done, doneBytes, bytes, gate) = (0, 0L, files.Sum(file => file.Stat.Length), new Lock());
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, async (
            file, token) =>
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

    /// <summary>
    /// Creates a directory and its missing parents; an existing one stays unchanged. In an object store, nothing is
    /// created, but the bucket must exist.
    /// </summary>
    /// <exception cref="MoxFileException">The path is a file.</exception>
    public async Task MakeDirsAsync(string path, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(path, cancellationToken) is { IsDirectory: false })
            throw new MoxFileException(path, $"{path} is a file. Choose another name for the directory, or remove the file first.");
        (var space, path) = Locate(path);
        await space.MakeDirectoryAsync(path, cancellationToken);
    }

    /// <summary>Removes a file, or a directory with everything in it; see the remarks.</summary>
    /// <exception cref="MoxFileException">
    /// The path does not exist, or is a directory and <paramref name="recursive"/> is false.
    /// </exception>
    public async Task RemoveAsync(string path, bool recursive = false, CancellationToken cancellationToken = default)
    {
        var stat = await StatAsync(path, cancellationToken);
        (var space, path) = Locate(path);
        if (!stat.IsDirectory) await space.RemoveFileAsync(path, cancellationToken);
        else if (recursive) await space.RemoveDirectoryAsync(path, cancellationToken);
        else throw new MoxFileException(path, $"{path} is a directory. Pass recursive: true to remove it with everything in it.");
    }

    /// <summary>Moves a file or directory to another path; see the remarks.</summary>
    /// <exception cref="MoxFileException">
    /// <paramref name="source"/> does not exist, or <paramref name="destination"/> does.
    /// </exception>
    public async Task RenameAsync(string source, string destination, CancellationToken cancellationToken = default)
    {
        var stat = await StatAsync(source, cancellationToken);
        if (await ExistsAsync(destination, cancellationToken))
            throw new MoxFileException(
                destination,
                $"{destination} already exists, so {source} was not renamed. Remove it first, or choose another name.");
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

    private async Task CopyFileAsync(
        (IFileSystem Space, string Path) from, (IFileSystem Space, string Path) to, CancellationToken cancellationToken)
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
}
