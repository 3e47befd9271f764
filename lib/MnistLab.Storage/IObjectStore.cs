namespace MnistLab.Storage;

/// <summary>
/// Represents an object store: buckets of objects, addressed by <see cref="ObjectUrl"/>. Writes are atomic: readers see
/// either the old content or the new, never a part or a mix.
/// </summary>
/// <remarks>
/// Every method throws <see cref="ObjectStoreException"/> if the store rejects a request or fails, and
/// <see cref="OperationCanceledException"/> if it is canceled.
/// </remarks>
public interface IObjectStore
{
    /// <summary>Gets the folder or endpoint of the store, for display. It never contains a secret.</summary>
    string Location { get; }

    /// <summary>Creates a bucket; an existing one stays unchanged.</summary>
    Task CreateBucketAsync(string bucket, CancellationToken cancellationToken = default);

    /// <summary>Lists the names of the buckets in ordinal order; empty if there are none.</summary>
    IAsyncEnumerable<string> ListBucketsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes an object, replaces an existing one, and verifies that the store holds what was sent.
    /// </summary>
    /// <param name="url">The address of the object; not a prefix.</param>
    /// <param name="content">The content, from its current position to its end.</param>
    /// <param name="options">Whether an existing object may be replaced; null to allow it.</param>
    /// <param name="progress">Receives the number of bytes written, periodically and at the end.</param>
    /// <param name="cancellationToken">Cancels the transfer, which then leaves no partial object.</param>
    Task<ObjectInfo> PutAsync(
        ObjectUrl url,
        Stream content,
        PutOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens an object, or a range of it, for reading. The caller disposes the stream. The stream returns the content
    /// that the object had when it was opened; reading fails with an <see cref="IOException"/> if the rest of that
    /// content is no longer available.
    /// </summary>
    Task<Stream> GetAsync(ObjectUrl url, ByteRange? range = null, CancellationToken cancellationToken = default);

    /// <summary>Returns the metadata of an object; null if it does not exist.</summary>
    Task<ObjectInfo?> HeadAsync(ObjectUrl url, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the objects below a prefix, at any depth, in ordinal order of their keys; empty if there are none.
    /// </summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(ObjectUrl prefix, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the objects and prefixes directly below a prefix, in ordinal order; empty if there are none.
    /// </summary>
    IAsyncEnumerable<ListedItem> ListFolderAsync(ObjectUrl prefix, CancellationToken cancellationToken = default);

    /// <summary>Copies an object within the store, and replaces an existing one.</summary>
    Task<ObjectInfo> CopyAsync(ObjectUrl source, ObjectUrl destination, CancellationToken cancellationToken = default);

    /// <summary>Deletes an object; does nothing if it does not exist.</summary>
    Task DeleteAsync(ObjectUrl url, CancellationToken cancellationToken = default);
}
