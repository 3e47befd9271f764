namespace MnistLab.Serving.Requests;

/// <summary>Represents the address that a service listens on and the secrets that requests must carry.</summary>
/// <param name="Address">The IP address to listen on: 127.0.0.1 for this machine alone, 0.0.0.0 for all of its
/// networks.</param>
/// <param name="Token">The token that requests must carry in <c>X-Auth-Token</c>; null for none.</param>
/// <param name="AppCode">The app code that requests may carry in <c>X-Apig-AppCode</c> instead; null for none.</param>
public sealed record AccessSettings(string Address = "127.0.0.1", string? Token = null, string? AppCode = null)
{
    /// <summary>Gets the settings for a service that only this machine can reach, without a secret.</summary>
    internal static AccessSettings Loopback { get; } = new();

    /// <summary>The minimum length of a secret in characters.</summary>
    public const int ShortestSecret = 16;

    /// <summary>Returns the address; the default representation of a record would include the secrets.</summary>
    public override string ToString() => Address;

    /// <summary>Validates the settings.</summary>
    /// <exception cref="ArgumentException">The settings are invalid; the message says why.</exception>
    internal void Validate() => _ = new AccessControl(this);
}
