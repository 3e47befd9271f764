namespace MnistLab.Storage;

/// <summary>Represents how an object is written.</summary>
public sealed record PutOptions
{
    internal static PutOptions Default { get; } = new();

    /// <summary>
    /// Gets whether the object is written only if it does not exist yet. If it does, the write fails with
    /// <see cref="ObjectStoreError.AlreadyExists"/>: of any number of concurrent writers, at most one succeeds. If a
    /// response is lost and the request retried, the write may be rejected although it succeeded; read the object to be
    /// sure. S3: up to 32 MiB. OBS: not supported.
    /// </summary>
    public bool OnlyIfAbsent { get; init; }
}
