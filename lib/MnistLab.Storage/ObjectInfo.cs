namespace MnistLab.Storage;

/// <summary>Represents the metadata of an object.</summary>
/// <param name="Url">The address.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="LastModified">The time of the last write.</param>
/// <param name="ETag">
/// The store's opaque tag of this content, without quotation marks; empty if the server sends none. It changes with
/// the content. It is not a digest: whether it happens to be the MD5 depends on the server and on the encryption of
/// the bucket.
/// </param>
public sealed record ObjectInfo(ObjectUrl Url, long Length, DateTimeOffset LastModified, string ETag);
