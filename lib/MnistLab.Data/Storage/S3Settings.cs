namespace MnistLab.Data;

/// <summary>How to reach an S3 or OBS server. The secret goes in, and cannot be read out again: neither by code nor by a notebook that shows this as a result.</summary>
public sealed class S3Settings
{
    /// <summary>Says how to reach a server.</summary>
    /// <param name="endpoint">Its address, such as <c>https://obs.cn-north-4.myhuaweicloud.com</c>.</param>
    /// <param name="region">Its region, such as <c>cn-north-4</c>; part of every signature.</param>
    /// <param name="accessKeyId">The name of the access key.</param>
    /// <param name="secretAccessKey">The secret of the access key.</param>
    public S3Settings(Uri endpoint, string region, string accessKeyId, string secretAccessKey)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentException.ThrowIfNullOrEmpty(region);
        ArgumentException.ThrowIfNullOrEmpty(accessKeyId);
        ArgumentException.ThrowIfNullOrEmpty(secretAccessKey);
        (Endpoint, Region, AccessKeyId, SecretAccessKey) = (endpoint, region, accessKeyId, secretAccessKey);
    }

    /// <summary>The server's address.</summary>
    public Uri Endpoint { get; }

    /// <summary>The server's region.</summary>
    public string Region { get; }

    /// <summary>The name of the access key.</summary>
    public string AccessKeyId { get; }

    /// <summary>How long one try of a request may take until its answer begins; then it is tried again.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an answer may stall (less than 64 KiB in this time, though not at its end); then the rest is asked for again.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often what failed for a moment is tried again, each time after a longer wait: 0.1 s and more, 20 s at most.</summary>
    public int Retries { get; init; } = 4;

    internal string SecretAccessKey { get; }

    /// <summary>The settings without the secret.</summary>
    public override string ToString() => $"{Endpoint} ({Region}) as {AccessKeyId}";
}
