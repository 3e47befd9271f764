using MnistLab.Storage;

namespace MnistLab.Serving.Tests;

/// <summary>Represents a store on a disk with a certain number of bytes left.</summary>
internal sealed class FullStore(IObjectStore store, long room) : IObjectStore
{
    private readonly Dictionary<ObjectUrl, long> _written = [];

    public string Location => store.Location;

    /// <summary>Gets the number of bytes that all writes would have needed.</summary>
    public long Needed { get; private set; }

    public Task CreateBucketAsync(string bucket, CancellationToken cancellationToken = default) =>
        store.CreateBucketAsync(bucket, cancellationToken);

    public IAsyncEnumerable<string> ListBucketsAsync(CancellationToken cancellationToken = default) =>
        store.ListBucketsAsync(cancellationToken);

    public async Task<ObjectInfo> PutAsync(
        ObjectUrl url,
        Stream content,
        PutOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var others = _written.Where(item => item.Key != url).Sum(item => item.Value);
        Needed = Math.Max(Needed, others + content.Length);
        if (others + content.Length > room)
            throw new ObjectStoreException(ObjectStoreError.Unavailable, $"{Location} failed with {url}: No space left on device");
        var info = await store.PutAsync(url, content, options, progress, cancellationToken);
        _written[url] = info.Length;
        return info;
    }

    public Task<Stream> GetAsync(
        ObjectUrl url,
        ByteRange? range = null,
        CancellationToken cancellationToken = default) => store.GetAsync(url, range, cancellationToken);

    public Task<ObjectInfo?> HeadAsync(ObjectUrl url, CancellationToken cancellationToken = default) =>
        store.HeadAsync(url, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(ObjectUrl prefix, CancellationToken cancellationToken = default) =>
        store.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<ListedItem> ListFolderAsync(
        ObjectUrl prefix,
        CancellationToken cancellationToken = default) => store.ListFolderAsync(prefix, cancellationToken);

    public Task<ObjectInfo> CopyAsync(
        ObjectUrl source,
        ObjectUrl destination,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public async Task DeleteAsync(ObjectUrl url, CancellationToken cancellationToken = default)
    {
        await store.DeleteAsync(url, cancellationToken);
        lock (_written) _written.Remove(url);
    }
}
