using MnistLab.Hosting;

namespace MnistLab.Storage.Files;

/// <summary>
/// Represents the files of this machine. Symbolic links are followed, except when a directory is removed: then its
/// links are removed, and their targets stay.
/// </summary>
internal sealed class LocalFiles : IFileSystem
{
    private const int Buffer = 1 << 17;

    public Task<FileStat?> FindAsync(string path, CancellationToken cancellationToken) => Task.FromResult(
        Directory.Exists(path) ? Describe(path, new DirectoryInfo(path)) : File.Exists(path) ? Describe(path, new FileInfo(path)) : null);

    public Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken) => Task.FromResult(Directory.Exists(path));

    public Task<IReadOnlyList<FileStat>> ChildrenAsync(string directory, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FileStat>>(
        [.. new DirectoryInfo(directory)
            .EnumerateFileSystemInfos()
            .OrderBy(item => item.Name, StringComparer.Ordinal)
            .Select(item => Describe(Join(directory, item.Name), item))
            .OfType<FileStat>()]);

    public Task<Stream> OpenAsync(string path, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            Buffer,
            FileOptions.Asynchronous | FileOptions.SequentialScan));

    public Task WriteAsync(string path, Stream content, CancellationToken cancellationToken) =>
        AtomicFile.WriteAsync(Path.GetFullPath(path), file => content.CopyToAsync(file, Buffer, cancellationToken));

    public Task RemoveFileAsync(string path, CancellationToken cancellationToken)
    {
        File.Delete(path);
        return Task.CompletedTask;
    }

    public Task RemoveDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        var directory = new DirectoryInfo(path);
        directory.Delete(recursive: directory.LinkTarget is null);
        return Task.CompletedTask;
    }

    public Task MakeDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path);
        return Task.CompletedTask;
    }

    public string Join(string directory, string name) => directory == "." ? name : Path.Combine(directory, name);

    public string Normalize(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) + Path.DirectorySeparatorChar;

    private static FileStat? Describe(string path, FileSystemInfo item) => item switch
    {
        FileInfo file => new FileStat(path, false, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero)),
        DirectoryInfo directory => new FileStat(path, true, 0, new DateTimeOffset(directory.LastWriteTimeUtc, TimeSpan.Zero)),
        _ => null,
    };
}
