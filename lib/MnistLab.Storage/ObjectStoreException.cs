namespace MnistLab.Storage;

/// <summary>A store refused or failed; the message names the bucket, the key, the endpoint and the next step, and never a secret.</summary>
public sealed class ObjectStoreException : IOException
{
    /// <summary>Describes a failure.</summary>
    public ObjectStoreException(ObjectStoreError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>What kind of failure it was.</summary>
    public ObjectStoreError Error { get; }
}
