using System.Net;

namespace MnistLab.Storage.Http;

/// <summary>
/// Represents the system's proxy (<c>http_proxy</c>, <c>no_proxy</c>, and similar settings), except that requests to
/// this machine always bypass it: a proxy cannot reach its clients' loopback interface, and must not see what they send
/// there.
/// </summary>
public sealed class LoopbackBypassProxy : IWebProxy
{
    private const string LocalDomain = ".localhost";

    private LoopbackBypassProxy()
    {
    }

    /// <summary>Gets the instance to assign to <see cref="SocketsHttpHandler.Proxy"/>.</summary>
    public static LoopbackBypassProxy Instance { get; } = new();

    /// <summary>Gets the credentials of the system's proxy; they cannot be set.</summary>
    /// <exception cref="NotSupportedException">The property is set.</exception>
    public ICredentials? Credentials
    {
        get => HttpClient.DefaultProxy.Credentials;
        set => throw new NotSupportedException("The credentials of the system's proxy come from the system's settings.");
    }

    /// <summary>
    /// Returns the proxy for an address; null for an address on this machine, and where the system's settings name no
    /// proxy.
    /// </summary>
    public Uri? GetProxy(Uri destination) => IsLoopback(destination) ? null : HttpClient.DefaultProxy.GetProxy(destination);

    /// <summary>Returns whether requests to an address bypass the proxy.</summary>
    public bool IsBypassed(Uri host) => IsLoopback(host) || HttpClient.DefaultProxy.IsBypassed(host);

    // Names below localhost also denote this machine (RFC 6761, section 6.3).
    private static bool IsLoopback(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsLoopback || address.IdnHost.TrimEnd('.').EndsWith(LocalDomain, StringComparison.OrdinalIgnoreCase);
    }
}
