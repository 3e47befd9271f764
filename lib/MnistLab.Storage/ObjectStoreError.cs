namespace MnistLab.Storage;

/// <summary>Why a store refused or failed.</summary>
public enum ObjectStoreError
{
    /// <summary>The store or the connection failed; trying again later may help.</summary>
    Unavailable,

    /// <summary>There is no such bucket.</summary>
    NoSuchBucket,

    /// <summary>There is no such object.</summary>
    NoSuchKey,

    /// <summary>There is an object already, and it was not to be replaced.</summary>
    AlreadyExists,

    /// <summary>The access key or the secret key is wrong, or may not do this.</summary>
    AccessDenied,

    /// <summary>The store received or holds something else than was sent; the message says which.</summary>
    Corrupted,

    /// <summary>The request makes no sense, such as an object's content at a prefix.</summary>
    InvalidRequest,

    /// <summary>This store does not do that.</summary>
    NotSupported,
}
