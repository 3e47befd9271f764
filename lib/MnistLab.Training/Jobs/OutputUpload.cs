using System.Runtime.ExceptionServices;
using MnistLab.Storage;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Mirrors the local files of a job to its output location: uploads new and changed files, and deletes those that were
/// deleted locally.
/// </summary>
internal sealed class OutputUpload(JobFolder folder, IObjectStore store, ObjectUrl output)
{
    private const int BufferSize = 1 << 16;

    private readonly Dictionary<string, (long Length, DateTime Written)> _uploaded = new(StringComparer.Ordinal);

    /// <summary>
    /// Uploads the files that are new or have changed since the last call, and deletes those that are gone. If a file
    /// fails, the others are still uploaded.
    /// </summary>
    /// <exception cref="ObjectStoreException">
    /// The store rejected a request or failed; the next call retries.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read; the next call retries.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to a file is denied; the next call retries.</exception>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        var present = Files().ToDictionary(file => NameOf(file.FullName), StringComparer.Ordinal);
        foreach (var (name, file) in present)
        {
            // Taken before the upload, so that changes during the upload are uploaded the next time.
            var stamp = (file.Length, file.LastWriteTimeUtc);
            if (_uploaded.TryGetValue(name, out var before) && before == stamp) continue;
            try
            {
                if (await UploadAsync(name, file, cancellationToken)) _uploaded[name] = stamp;
            }
            catch (Exception error) when (error is ObjectStoreException or IOException or UnauthorizedAccessException)
            {
                failure ??= error;
            }
        }

        foreach (var gone in _uploaded.Keys.Where(name => !present.ContainsKey(name)).ToList())
        {
            await store.DeleteAsync(output / gone, cancellationToken);
            _uploaded.Remove(gone);
        }

        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }

    private IEnumerable<FileInfo> Files()
    {
        string[] own = [.. folder.Logs, folder.Events.Path];
        IEnumerable<string> run = Directory.Exists(folder.Run)
            ? Directory.EnumerateFiles(folder.Run, "*", SearchOption.AllDirectories)
            : [];
        return own.Concat(run)
            .Where(path => !path.EndsWith(".new", StringComparison.Ordinal))
            .Select(path => new FileInfo(path))
            .Where(file => file.Exists);
    }

    private string NameOf(string path) =>
        Path.GetRelativePath(folder.Path, path).Replace(Path.DirectorySeparatorChar, '/');

    private async Task<bool> UploadAsync(string name, FileInfo file, CancellationToken cancellationToken)
    {
        Stream content;
        try
        {
            // Opened with sharing, because a log may grow and an old checkpoint may be deleted during the upload. The
            // events are read from a copy, because an open file would block appending to them.
            content = file.FullName == folder.Events.Path ? folder.Events.OpenCopy() : Open(file.FullName);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        await using (content) await store.PutAsync(output / name, content, cancellationToken: cancellationToken);
        return true;
    }

    private static FileStream Open(string path) => new(
        path,
        FileMode.Open,
        FileAccess.Read,
        FileShare.ReadWrite | FileShare.Delete,
        BufferSize,
        FileOptions.Asynchronous | FileOptions.SequentialScan);
}
