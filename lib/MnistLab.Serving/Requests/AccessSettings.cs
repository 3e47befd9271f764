namespace MnistLab.Serving.Requests;

/// <summary>Where a service can be reached from, and by whom.</summary>
/// <param name="Address">The IP address to listen at: 127.0.0.1 for this machine alone, 0.0.0.0 for all of its
/// networks.</param>
/// <param name="Token">What a request has to carry in <c>X-Auth-Token</c>; null for none.</param>
/// <param name="AppCode">What it may carry in <c>X-Apig-AppCode</c> instead; null for none.</param>
public sealed record AccessSettings(string Address = "127.0.0.1", string? Token = null, string? AppCode = null)
{
    /// <summary>This machine alone, without a secret.</summary>
    internal static AccessSettings Loopback { get; } = new();

    /// <summary>The fewest characters of a secret.</summary>
    public const int ShortestSecret = 16;

    /// <summary>The address alone: a record would print its secrets.</summary>
    public override string ToString() => Address;

    /// <summary>Checks that it makes sense.</summary>
    /// <exception cref="ArgumentException">It does not; the message says what is wrong.</exception>
    internal void Validate() => _ = new AccessControl(this);
}
