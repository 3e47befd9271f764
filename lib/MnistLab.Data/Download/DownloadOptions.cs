namespace MnistLab.Data.Download;

/// <summary>How patient a download is.</summary>
public sealed record DownloadOptions
{
    /// <summary>How long one attempt to connect may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long all mirrors together may take until they begin to answer; each has an equal share of it, redirects included.
    /// Without a network everything is given up within this time.
    /// </summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>The time in which a mirror has to send what <see cref="MinimumBytesPerSecond"/> asks, once it answers.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The lowest rate, in bytes per second over <see cref="StallTimeout"/>, at which a file may arrive. At least one byte has to arrive in any case.</summary>
    public int MinimumBytesPerSecond { get; init; } = 1024;

    /// <summary>How many redirects in a row are followed.</summary>
    public int MaximumRedirects { get; init; } = 5;

    /// <summary>The least time between two reports of progress.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(100);
}
