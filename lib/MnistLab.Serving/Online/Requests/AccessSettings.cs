namespace MnistLab.Serving;

/// <summary>Where a service can be reached from, and by whom.</summary>
/// <param name="Address">The IP address to listen at: 127.0.0.1 for this machine alone, 0.0.0.0 for all of its networks.</param>
/// <param name="Token">What a request has to carry in <c>X-Auth-Token</c>; null for none.</param>
/// <param name="AppCode">What it may carry in <c>X-Apig-AppCode</c> instead; null for none.</param>
internal sealed record AccessSettings(string Address = "127.0.0.1", string? Token = null, string? AppCode = null)
{
    /// <summary>The fewest characters of a secret.</summary>
    public const int ShortestSecret = 16;

    // A record would print its secrets.
    public override string ToString() => Address;
}
