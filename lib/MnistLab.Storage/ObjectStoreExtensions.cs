using System.Text;
using MnistLab.Hosting;

namespace MnistLab.Storage;

/// <summary>Provides methods for files, folders, and text in an object store.</summary>
public static class ObjectStoreExtensions
{
    private const int CopyBuffer = 1 << 17;
    private const int DeletesAtATime = 8;

    /// <summary>Uploads a file.</summary>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<ObjectInfo> PutFileAsync(
        this IObjectStore store,
        ObjectUrl url,
        string file,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var content = new FileStream(
            file,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            1 << 16,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        return await store.PutAsync(url, content, null, progress, cancellationToken);
    }

    /// <summary>Downloads an object to a file, atomically.</summary>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task DownloadFileAsync(
        this IObjectStore store,
        ObjectUrl url,
        string file,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(url);
        await AtomicFile.WriteAsync(Path.GetFullPath(file), async output =>
        {
            await using var content = await store.GetAsync(url, null, cancellationToken);
            await CopyAsync(url, content, output, progress, cancellationToken);
        });
    }

    /// <summary>Writes text in UTF-8.</summary>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    public static async Task<ObjectInfo> PutTextAsync(
        this IObjectStore store, ObjectUrl url, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await store.PutAsync(url, content, cancellationToken: cancellationToken);
    }

    /// <summary>Reads text in UTF-8.</summary>
    /// <exception cref="ObjectStoreException">The store rejected a request or failed.</exception>
    public static async Task<string> GetTextAsync(this IObjectStore store, ObjectUrl url, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var content = await store.GetAsync(url, null, cancellationToken);
        using var reader = new StreamReader(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Uploads every file of a folder, at any depth, in ordinal order of the paths.</summary>
    /// <returns>The uploaded objects.</returns>
    /// <exception cref="ObjectStoreException">
    /// The store rejected a request or failed; files uploaded before that stay in the store.
    /// </exception>
    public static async Task<IReadOnlyList<ObjectInfo>> UploadFolderAsync(
        this IObjectStore store,
        string folder,
        ObjectUrl prefix,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(prefix);
        var uploaded = new List<ObjectInfo>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var key = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            uploaded.Add(await store.PutFileAsync(prefix / key, file, progress, cancellationToken));
        }

        return uploaded;
    }

    /// <summary>Downloads every object below a prefix into a folder.</summary>
    /// <returns>The paths of the files, in the order of their keys; empty if there are none.</returns>
    /// <exception cref="ObjectStoreException">
    /// The store rejected a request or failed; files downloaded before that stay in the folder.
    /// </exception>
    /// <exception cref="IOException">
    /// A key is not a valid file name on this system, or two keys denote the same file on this disk (nothing was
    /// downloaded then), or a file cannot be written.
    /// </exception>
    public static async Task<IReadOnlyList<string>> DownloadFolderAsync(
        this IObjectStore store,
        ObjectUrl prefix,
        string folder,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(prefix);
        var urls = await store.ListAsync(prefix, cancellationToken).Select(item => item.Url).ToListAsync(cancellationToken);
        var files = FileNameRules.PathsOf(folder, [.. urls.Select(prefix.RelativeKeyOf)]);
        foreach (var (url, file) in urls.Zip(files)) await store.DownloadFileAsync(url, file, progress, cancellationToken);
        return files;
    }

    /// <summary>Deletes objects, several at a time. Objects that do not exist are skipped.</summary>
    /// <returns>The number of addresses.</returns>
    /// <exception cref="ObjectStoreException">
    /// The store rejected a request or failed; any of the other objects may have been deleted.
    /// </exception>
    public static async Task<int> DeleteAsync(
        this IObjectStore store, IEnumerable<ObjectUrl> urls, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(urls);
        var count = 0;
        // Sends one request per object, because OBS requires a checksum in batch requests that the SDK does not send.
        var options = new ParallelOptions { MaxDegreeOfParallelism = DeletesAtATime, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(urls, options, async (url, token) =>
        {
            await store.DeleteAsync(url, token);
            Interlocked.Increment(ref count);
        });
        return count;
    }

    /// <summary>Deletes every object below a prefix.</summary>
    /// <returns>The number of deleted objects.</returns>
    /// <exception cref="ObjectStoreException">
    /// The store rejected a request or failed; some objects may have been deleted.
    /// </exception>
    public static async Task<int> DeleteFolderAsync(
        this IObjectStore store, ObjectUrl prefix, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var urls = await store.ListAsync(prefix, cancellationToken).Select(item => item.Url).ToListAsync(cancellationToken);
        return await store.DeleteAsync(urls, cancellationToken);
    }

    /// <summary>
    /// Copies content from its current position to its end, and reports progress after each block; returns its length
    /// in bytes.
    /// </summary>
    internal static async Task<long> CopyAsync(
        ObjectUrl url, Stream content, Stream output, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        long? total = content.CanSeek ? content.Length - content.Position : content is ResumedStream ? content.Length : null;
        var (buffer, done) = (new byte[CopyBuffer], 0L);
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            done += read;
            if (done != total) progress?.Report(new TransferProgress(url, done, total));
        }

        progress?.Report(new TransferProgress(url, done, done));
        return done;
    }
}
