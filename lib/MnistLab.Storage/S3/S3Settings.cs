namespace MnistLab.Storage.S3;

/// <summary>
/// Represents the address and credentials of an S3 or OBS server. The secret cannot be read back, neither by code nor
/// by a notebook that displays the settings.
/// </summary>
public sealed class S3Settings
{
    /// <summary>Initializes settings.</summary>
    /// <param name="endpoint">The server's address, such as <c>https://obs.cn-north-4.myhuaweicloud.com</c>.</param>
    /// <param name="region">The server's region, such as <c>cn-north-4</c>; part of every signature.</param>
    /// <param name="accessKeyId">The access key ID.</param>
    /// <param name="secretAccessKey">The secret access key.</param>
    /// <exception cref="ArgumentException">
    /// The region or a key is empty, or contains an invalid character, such as the carriage return at the end of a line
    /// of a Windows file. The message names the character, and never shows the value.
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

    /// <summary>Gets the access key ID.</summary>
    public string AccessKeyId { get; }

    /// <summary>Gets where the bucket appears in the address of a request.</summary>
    public S3AddressingStyle AddressingStyle { get; init; }

    /// <summary>
    /// Gets the timeout of one attempt of a request, until its response begins; the request is then retried.
    /// </summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Gets the timeout of a stalled response (less than 64 KiB in this time, except at its end); the rest is then
    /// requested again.
    /// </summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets the maximum number of retries of transient failures, with exponential back-off from 0.1 s to 20 s.
    /// </summary>
    public int Retries { get; init; } = 4;

    internal string SecretAccessKey { get; }

    /// <summary>
    /// Gets a function that opens the connection to a host, so that tests can give a server any name; null to use the
    /// network.
    /// </summary>
    internal Func<string, int, CancellationToken, ValueTask<Stream>>? Connect { get; init; }

    /// <summary>Returns the settings without the secret.</summary>
    public override string ToString() => $"{Endpoint} ({Region}) as {AccessKeyId}";

    /// <summary>
    /// Returns the first invalid character of a key, region, or address and its place, as text; null if there is none.
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
            return $"{character} {place}{(value[i] == '\r' ? " (does it come from a file with Windows line endings?)" : "")}";
        }

        return null;
    }

    private static void Validate(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        if (ProblemOf(value) is { } problem) throw new ArgumentException($"The value has {problem}.", name);
    }
}
