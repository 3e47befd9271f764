namespace MnistLab.Storage.S3;

/// <summary>
/// Represents how to reach an S3 or OBS server. The secret goes in and cannot be read out again, neither by code nor
/// by a notebook that shows the settings as a result.
/// </summary>
public sealed class S3Settings
{
    /// <summary>Initializes settings.</summary>
    /// <param name="endpoint">The server's address, such as <c>https://obs.cn-north-4.myhuaweicloud.com</c>.</param>
    /// <param name="region">The server's region, such as <c>cn-north-4</c>; part of every signature.</param>
    /// <param name="accessKeyId">The name of the access key.</param>
    /// <param name="secretAccessKey">The secret of the access key.</param>
    /// <exception cref="ArgumentException">
    /// The region or a key is empty, or holds a character that none has, such as the carriage return at the end of a
    /// line of a Windows file. The message says which character, and never shows the value.
    /// </exception>
    public S3Settings(Uri endpoint, string region, string accessKeyId, string secretAccessKey)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        Validate(region, nameof(region));
        Validate(accessKeyId, nameof(accessKeyId));
        Validate(secretAccessKey, nameof(secretAccessKey));
        (Endpoint, Region, AccessKeyId, SecretAccessKey) = (endpoint, region, accessKeyId, secretAccessKey);
    }

    /// <summary>Gets the server's address.</summary>
    public Uri Endpoint { get; }

    /// <summary>Gets the server's region.</summary>
    public string Region { get; }

    /// <summary>Gets the name of the access key.</summary>
    public string AccessKeyId { get; }

    /// <summary>Gets where the bucket is in the address of a request.</summary>
    public S3AddressingStyle AddressingStyle { get; init; }

    /// <summary>
    /// Gets how long one attempt of a request may take until its response begins; then it is retried.
    /// </summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Gets how long a response may stall (less than 64 KiB in this time, except at its end); then the rest is
    /// requested again.
    /// </summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets the maximum number of retries of transient failures, with exponential back-off from 0.1 s to 20 s.
    /// </summary>
    public int Retries { get; init; } = 4;

    internal string SecretAccessKey { get; }

    /// <summary>
    /// Gets what connects to a host instead of the network, so that tests can give a server any name; null for the
    /// network.
    /// </summary>
    internal Func<string, int, CancellationToken, ValueTask<Stream>>? Connect { get; init; }

    /// <summary>Returns the settings without the secret.</summary>
    public override string ToString() => $"{Endpoint} ({Region}) as {AccessKeyId}";

    /// <summary>
    /// Returns which character of a key, region, or address cannot be right, and where it is; null if there is none.
    /// </summary>
    internal static string? ProblemOf(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is > ' ' and <= '~') continue;
            var character = value[i] switch
            {
                '\r' => "a carriage return",
                '\n' => "a line feed",
                ' ' => "a blank",
                var other => FormattableString.Invariant(
                    $"{(char.IsControl(other) ? "a control character" : "a character outside ASCII")} (U+{(int)other:X4})"),
            };
            var rest = value.AsSpan(i);
            var place = i == 0 ? "at its start" : rest.TrimEnd().IsEmpty ? "at its end" : "in it";
            return $"{character} {place}{(value[i] == '\r' ? " (does it come from a file with Windows line ends?)" : "")}";
        }

        return null;
    }

    private static void Validate(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        if (ProblemOf(value) is { } problem) throw new ArgumentException($"The value has {problem}.", name);
    }
}
