namespace MnistLab.Storage;

/// <summary>
/// Buckets of objects, addressed by <see cref="ObjectUrl"/>. An object is whole or absent: readers see the old content or the new, never a part or a mix.
/// </summary>
/// <remarks>Every method throws <see cref="ObjectStoreException"/> when the store refuses or fails, and <see cref="OperationCanceledException"/> when cancelled.</remarks>
public interface IObjectStore
{
    /// <summary>Where the store is, for people to read: a folder or an endpoint. Never a secret.</summary>
    string Location { get; }

    /// <summary>Creates a bucket; one that exists already stays as it is.</summary>
    Task CreateBucketAsync(string bucket, CancellationToken cancellationToken = default);

    /// <summary>Lists the names of the buckets, in ordinal order; none if there are none.</summary>
    IAsyncEnumerable<string> ListBucketsAsync(CancellationToken cancellationToken = default);

    /// <summary>Writes an object, replacing one that is there, and verifies that the store holds what was sent.</summary>
    /// <param name="url">Where to write; not a prefix.</param>
    /// <param name="content">What to write, from its current position to its end.</param>
    /// <param name="options">Whether it may replace an object; it may if null.</param>
    /// <param name="progress">Told the bytes written, from time to time and at the end.</param>
    /// <param name="cancellationToken">Ends the transfer; nothing of it stays.</param>
    Task<ObjectInfo> PutAsync(
        ObjectUrl url, Stream content, PutOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens an object, or a part of it, for reading. The caller disposes the stream. It gives the content that the object had when it was opened;
    /// reading fails with an <see cref="IOException"/> where the rest of that content cannot be had any more.
    /// </summary>
    Task<Stream> GetAsync(ObjectUrl url, ByteRange? range = null, CancellationToken cancellationToken = default);

    /// <summary>What is known of an object; null if there is none.</summary>
    Task<ObjectInfo?> HeadAsync(ObjectUrl url, CancellationToken cancellationToken = default);

    /// <summary>The objects below a prefix, at any depth, in ordinal order of their keys; none if there are none.</summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(ObjectUrl prefix, CancellationToken cancellationToken = default);

    /// <summary>What lies directly below a prefix: objects, and prefixes of further ones, in ordinal order; none if there is nothing.</summary>
    IAsyncEnumerable<ListedItem> ListFolderAsync(ObjectUrl prefix, CancellationToken cancellationToken = default);

    /// <summary>Copies an object within the store, replacing one that is there.</summary>
    Task<ObjectInfo> CopyAsync(ObjectUrl source, ObjectUrl destination, CancellationToken cancellationToken = default);

    /// <summary>Removes an object; if there is none, nothing happens.</summary>
    Task DeleteAsync(ObjectUrl url, CancellationToken cancellationToken = default);
}
