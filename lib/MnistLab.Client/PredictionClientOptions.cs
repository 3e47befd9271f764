namespace MnistLab.Client;

/// <summary>Represents the options of a <see cref="PredictionClient"/>.</summary>
public sealed record PredictionClientOptions
{
    /// <summary>Gets the token of the service, sent as <c>X-Auth-Token</c>; null if it requires none.</summary>
    public string? Token { get; init; }

    /// <summary>Gets the app code of the service, sent as <c>X-Apig-AppCode</c>; null if it requires none.</summary>
    public string? AppCode { get; init; }

    /// <summary>
    /// Gets the timeout of one request, greater than zero; 40 s by default, which is ModelArts's time limit for a
    /// prediction.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>
    /// Gets the time for which a request is retried if the service cannot be reached, closes the connection, or is busy
    /// or not ready (429, 503). Predictions are idempotent, so retries are safe. A crashed service is usually available
    /// again within 2 s. Zero disables retries.
    /// </summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(5);

    // The default representation of a record would include the secrets.
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{nameof(Timeout)} = {Timeout}, {nameof(RetryFor)} = {RetryFor}");

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero, nameof(Timeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryFor, TimeSpan.Zero, nameof(RetryFor));
    }
}
