using System.Text;

namespace MnistLab.Data;

/// <summary>Files, folders and texts in an object store.</summary>
public static class ObjectStoreExtensions
{
    /// <summary>Uploads a file.</summary>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<ObjectInfo> PutFileAsync(
        this IObjectStore store, ObjectUrl url, string file, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return await store.PutAsync(url, content, progress, cancellationToken);
    }

    /// <summary>Downloads an object to a file: whole, or not at all.</summary>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task DownloadFileAsync(
        this IObjectStore store, ObjectUrl url, string file, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(url);
        var target = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var temporary = $"{target}.{Guid.NewGuid():N}.new";
        try
        {
            await using (var content = await store.GetAsync(url, null, cancellationToken))
            await using (var output = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            {
                await content.CopyToAsync(output, cancellationToken);
                progress?.Report(new TransferProgress(url, output.Length, output.Length));
            }

            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes a text, in UTF-8.</summary>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public static async Task<ObjectInfo> PutTextAsync(this IObjectStore store, ObjectUrl url, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await store.PutAsync(url, content, null, cancellationToken);
    }

    /// <summary>Reads a text, in UTF-8.</summary>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public static async Task<string> GetTextAsync(this IObjectStore store, ObjectUrl url, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var content = await store.GetAsync(url, null, cancellationToken);
        using var reader = new StreamReader(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Uploads every file of a folder, at any depth, in the order of their names.</summary>
    /// <returns>What was uploaded.</returns>
    /// <exception cref="ObjectStoreException">The store refused or failed; files before that one are there.</exception>
    public static async Task<IReadOnlyList<ObjectInfo>> UploadFolderAsync(
        this IObjectStore store, string folder, ObjectUrl prefix, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
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

    /// <summary>Downloads everything below a prefix into a folder.</summary>
    /// <returns>The paths of the files, in the order of their keys; none where there is nothing.</returns>
    /// <exception cref="ObjectStoreException">The store refused or failed; files before that one are there.</exception>
    public static async Task<IReadOnlyList<string>> DownloadFolderAsync(
        this IObjectStore store, ObjectUrl prefix, string folder, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(prefix);
        var files = new List<string>();
        await foreach (var item in store.ListAsync(prefix, cancellationToken))
        {
            // An address has no '..' and no backslash, so this stays within the folder.
            var file = Path.Combine(folder, Path.Combine(prefix.RelativeKeyOf(item.Url).Split('/')));
            await store.DownloadFileAsync(item.Url, file, progress, cancellationToken);
            files.Add(file);
        }

        return files;
    }
}
