namespace MnistLab.Serving.Requests;

/// <summary>
/// What a request may ask of the service, so that no request, and no number of them, asks too much of the machine.
/// </summary>
internal static class ServiceLimits
{
    /// <summary>The maximum size of a body in bytes, compressed or not: 12 MB, as ModelArts has it.</summary>
    public const int MaxBodyBytes = 12 * 1024 * 1024;

    /// <summary>A body of up to this many bytes counts for nothing in <see cref="LargeBodyLimiter"/>.</summary>
    public const int SmallBodyBytes = 64 * 1024;

    /// <summary>The maximum of all larger bodies together, in bytes.</summary>
    public const long LargeBodiesBytes = 96 * 1024 * 1024;

    /// <summary>Connections at a time; a further one is closed at once.</summary>
    public const int MaxConnections = 1024;

    /// <summary>Requests that may wait for a processor; a further one is answered 429.</summary>
    public const int MaxWaiting = 256;

    /// <summary>Images in one request of the tensor protocols.</summary>
    public const int MaxImages = 1024;

    /// <summary>How long a body may take to arrive.</summary>
    public static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(30);
}
