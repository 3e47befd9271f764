namespace MnistLab.Storage;

/// <summary>Represents what a store knows about an object without reading it.</summary>
/// <param name="Url">The address.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="LastModified">When it was last written.</param>
/// <param name="ETag">
/// The store's opaque tag of this content, without quotation marks; empty if the server sends none. It changes with
/// the content. It is not a digest: whether it happens to be the MD5 depends on the server and on the encryption of
/// the bucket.
/// </param>
public sealed record ObjectInfo(ObjectUrl Url, long Length, DateTimeOffset LastModified, string ETag);
