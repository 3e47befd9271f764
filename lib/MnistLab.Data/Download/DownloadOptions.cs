namespace MnistLab.Data.Download;

/// <summary>Represents the timeouts and limits of a download.</summary>
public sealed record DownloadOptions
{
    /// <summary>Gets the timeout of one connection attempt.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Gets the timeout for all mirrors together until their responses begin; each has an equal share, including
    /// redirects. Without a network, the download therefore fails within this time.
    /// </summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>
    /// Gets the time within which a mirror must send the number of bytes that <see cref="MinimumBytesPerSecond"/>
    /// demands, once its response has begun.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets the minimum throughput in bytes per second, averaged over <see cref="StallTimeout"/>. At least one byte
    /// must arrive in that time in any case.
    /// </summary>
    public int MinimumBytesPerSecond { get; init; } = 1024;

    /// <summary>Gets the maximum number of consecutive redirects.</summary>
    public int MaximumRedirects { get; init; } = 5;

    /// <summary>Gets the minimum time between two progress reports.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(100);
}
