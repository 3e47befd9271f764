namespace MnistLab.Serving;

/// <summary>What a request may ask of the service, so that no request, and no number of them, asks too much of the machine.</summary>
internal static class ServiceLimits
{
    /// <summary>The largest body, in bytes: 12 MB, as ModelArts has it.</summary>
    public const int MaxBodyBytes = 12 * 1024 * 1024;

    /// <summary>A body of up to this many bytes is waited for without asking whether there is room for it.</summary>
    public const int SmallBodyBytes = 64 * 1024;

    /// <summary>How many bytes larger bodies may take up all together, in MiB.</summary>
    public const int LargeBodiesMegabytes = 96;

    /// <summary>Connections at a time; a further one is closed at once.</summary>
    public const int MaxConnections = 1024;

    /// <summary>Requests that may wait for a processor; a further one is answered 429.</summary>
    public const int MaxWaiting = 256;

    /// <summary>Pictures in one request of the tensor protocols.</summary>
    public const int MaxImages = 1024;

    /// <summary>How long a body may take to arrive.</summary>
    public static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(30);
}
