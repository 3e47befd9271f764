namespace MnistLab.Serving.Requests;

/// <summary>
/// Defines the limits of the service, so that neither a single request nor many requests together can exhaust the
/// machine's resources.
/// </summary>
internal static class ServiceLimits
{
    /// <summary>The maximum size of a body in bytes, before and after decompression: 12 MB, as in ModelArts.</summary>
    public const int MaxBodyBytes = 12 * 1024 * 1024;

    /// <summary>
    /// The maximum size of a small body in bytes; small bodies do not count toward <see cref="LargeBodyLimiter"/>.
    /// </summary>
    public const int SmallBodyBytes = 64 * 1024;

    /// <summary>The maximum total size of all large bodies in bytes.</summary>
    public const long LargeBodiesBytes = 96 * 1024 * 1024;

    /// <summary>The maximum number of concurrent connections; further ones are closed immediately.</summary>
    public const int MaxConnections = 1024;

    /// <summary>The maximum number of requests that wait for a processor; further ones are rejected with 429.</summary>
    public const int MaxWaiting = 256;

    /// <summary>The maximum number of images in one request of the tensor protocols.</summary>
    public const int MaxImages = 1024;

    /// <summary>The maximum time for a body to arrive.</summary>
    public static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(30);
}
