using System.Net;

namespace MnistLab.Storage.Http;

/// <summary>
/// The proxy of the system's settings (<c>http_proxy</c>, <c>no_proxy</c>, and their like), except that requests to this machine always go directly:
/// a proxy cannot reach the loopback interface of its clients, and must not see what they send there.
/// </summary>
public sealed class LoopbackBypassProxy : IWebProxy
{
    private const string LocalDomain = ".localhost";

    private LoopbackBypassProxy()
    {
    }

    /// <summary>Gets the proxy, to be set as <see cref="SocketsHttpHandler.Proxy"/>.</summary>
    public static LoopbackBypassProxy Instance { get; } = new();

    /// <summary>Gets the credentials of the system's proxy. They cannot be set.</summary>
    /// <exception cref="NotSupportedException">They are set.</exception>
    public ICredentials? Credentials
    {
        get => HttpClient.DefaultProxy.Credentials;
        set => throw new NotSupportedException("The credentials of the system's proxy come from the system's settings.");
    }

    /// <summary>Returns the proxy for an address; null for an address on this machine, and where the system's settings name no proxy for it.</summary>
    public Uri? GetProxy(Uri destination) => IsLoopback(destination) ? null : HttpClient.DefaultProxy.GetProxy(destination);

    /// <summary>Returns whether an address is reached directly.</summary>
    public bool IsBypassed(Uri host) => IsLoopback(host) || HttpClient.DefaultProxy.IsBypassed(host);

    // Names below localhost are this machine, too (RFC 6761, section 6.3).
    private static bool IsLoopback(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsLoopback || address.IdnHost.TrimEnd('.').EndsWith(LocalDomain, StringComparison.OrdinalIgnoreCase);
    }
}
