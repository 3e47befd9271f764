namespace MnistLab.Storage;

/// <summary>
/// The exception that is thrown if a store rejects a request or fails. Its message names the bucket, the key, the
/// endpoint, and the next step, and never contains a secret.
/// </summary>
public sealed class ObjectStoreException : IOException
{
    /// <summary>Initializes the exception.</summary>
    public ObjectStoreException(ObjectStoreError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Gets the kind of failure.</summary>
    public ObjectStoreError Error { get; }
}
