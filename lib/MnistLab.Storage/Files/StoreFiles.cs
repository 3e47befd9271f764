namespace MnistLab.Storage.Files;

/// <summary>
/// Represents objects as files. A directory exists as long as there is an object below it; a bucket always does.
/// </summary>
internal sealed class StoreFiles(IObjectStore store) : IFileSystem
{
    public async Task<FileStat?> FindAsync(string path, CancellationToken cancellationToken)
    {
        var url = Parse(path);
        try
        {
            if (!url.IsPrefix && await store.HeadAsync(url, cancellationToken) is { } info) return Describe(info);
        }
        catch (ObjectStoreException error) when (error.Error == ObjectStoreError.NoSuchBucket)
        {
            return null;
        }

        return await IsDirectoryAsync(path, cancellationToken) ? Directory(url.AsPrefix()) : null;
    }

    public async Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        var prefix = Parse(path).AsPrefix();
        try
        {
            return await store.ListFolderAsync(prefix, cancellationToken).AnyAsync(cancellationToken) || prefix.Key.Length == 0;
        }
        catch (ObjectStoreException error) when (error.Error == ObjectStoreError.NoSuchBucket)
        {
            return false;
        }
    }

    public async Task<IReadOnlyList<FileStat>> ChildrenAsync(string directory, CancellationToken cancellationToken)
    {
        var children = await store.ListFolderAsync(Parse(directory).AsPrefix(), cancellationToken)
            .Select(item => item.Info is { } info ? Describe(info) : Directory(item.Url))
            .ToListAsync(cancellationToken);
        return [.. children.OrderBy(item => item.Name, StringComparer.Ordinal)];
    }

    public Task<Stream> OpenAsync(string path, CancellationToken cancellationToken) => store.GetAsync(Parse(path), null, cancellationToken);

    public Task WriteAsync(string path, Stream content, CancellationToken cancellationToken) =>
        store.PutAsync(Parse(path), content, cancellationToken: cancellationToken);

    public Task RemoveFileAsync(string path, CancellationToken cancellationToken) => store.DeleteAsync(Parse(path), cancellationToken);

    public Task RemoveDirectoryAsync(string path, CancellationToken cancellationToken) =>
        store.DeleteFolderAsync(Parse(path).AsPrefix(), cancellationToken);

    public async Task MakeDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        // The bucket must exist; a directory exists as soon as there is an object in it.
        var bucket = ObjectUrl.Parse($"s3://{Parse(path).Bucket}");
        await store.ListFolderAsync(bucket, cancellationToken).AnyAsync(cancellationToken);
    }

    public string Join(string directory, string name) => $"{Parse(directory) / name}";

    public string Normalize(string path) => $"{Parse(path).AsPrefix()}";

    public Task CopyAsync(string source, string destination, CancellationToken cancellationToken) =>
        store.CopyAsync(Parse(source), Parse(destination), cancellationToken);

    private static FileStat Describe(ObjectInfo info) => new($"{info.Url}", false, info.Length, info.LastModified);

    private static FileStat Directory(ObjectUrl url) => new($"{url}", true, 0, null);

    private static ObjectUrl Parse(string path)
    {
        try
        {
            return ObjectUrl.Parse(path);
        }
        catch (FormatException error)
        {
            throw new MoxFileException(path, error.Message, error);
        }
    }
}
