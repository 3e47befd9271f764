using MnistLab.Storage;

namespace MnistLab.Training.Tests;

/// <summary>Represents a store that accepts a number of objects, and is then full.</summary>
internal sealed class FailingStore(IObjectStore store, int allowed) : IObjectStore
{
    private int _taken;

    public string Location => store.Location;

    public Task<ObjectInfo> PutAsync(
        ObjectUrl url,
        Stream content,
        PutOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        _taken++ < allowed
            ? store.PutAsync(url, content, options, progress, cancellationToken)
            : throw new IOException("No space left on device.");

    public Task CreateBucketAsync(string bucket, CancellationToken cancellationToken = default) =>
        store.CreateBucketAsync(bucket, cancellationToken);

    public IAsyncEnumerable<string> ListBucketsAsync(CancellationToken cancellationToken = default) =>
        store.ListBucketsAsync(cancellationToken);

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
        CancellationToken cancellationToken = default) => store.CopyAsync(source, destination, cancellationToken);

    public Task DeleteAsync(ObjectUrl url, CancellationToken cancellationToken = default) => store.DeleteAsync(url, cancellationToken);
}
