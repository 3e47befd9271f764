namespace MnistLab.Client;

/// <summary>How a client asks.</summary>
public sealed record PredictionClientOptions
{
    /// <summary>The service's token, sent as <c>X-Auth-Token</c>; null where it needs none.</summary>
    public string? Token { get; init; }

    /// <summary>The service's app code, sent as <c>X-Apig-AppCode</c>; null where it needs none.</summary>
    public string? AppCode { get; init; }

    /// <summary>How long one request may take, more than nothing; 40 s by default, as ModelArts gives a prediction.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>
    /// For how long a request is sent again when the service cannot be reached, ends the connection, or says that it is busy or not ready (429, 503).
    /// A prediction changes nothing, so asking twice is safe. A service that crashes is back within 2 s. Zero for never.
    /// </summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(5);

    // A record would print its secrets.
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{nameof(Timeout)} = {Timeout}, {nameof(RetryFor)} = {RetryFor}");

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero, nameof(Timeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryFor, TimeSpan.Zero, nameof(RetryFor));
    }
}
