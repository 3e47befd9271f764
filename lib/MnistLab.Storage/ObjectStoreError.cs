namespace MnistLab.Storage;

/// <summary>Specifies why a store rejected a request or failed.</summary>
public enum ObjectStoreError
{
    /// <summary>The store or the connection failed; a later retry may succeed.</summary>
    Unavailable,

    /// <summary>The bucket does not exist.</summary>
    NoSuchBucket,

    /// <summary>The object does not exist.</summary>
    NoSuchKey,

    /// <summary>The object already exists, and the request did not allow replacing it.</summary>
    AlreadyExists,

    /// <summary>The access key or its secret is wrong, or lacks the permission.</summary>
    AccessDenied,

    /// <summary>The store received or holds something other than what was sent; the message says which.</summary>
    Corrupted,

    /// <summary>The request is not valid, such as one for the content of a prefix.</summary>
    InvalidRequest,

    /// <summary>The store does not support the operation.</summary>
    NotSupported,
}
