using System.Net;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Instances;

/// <summary>Determines the URL at which this machine reaches a service.</summary>
internal static class ServiceAddress
{
    /// <summary>
    /// Returns the URL for a listening address and a port. A service that listens on all addresses is reached on the
    /// loopback interface.
    /// </summary>
    public static Uri UrlOf(string? address, int port)
    {
        var listening = IPAddress.Parse(address ?? AccessSettings.Loopback.Address);
        var asked = listening.Equals(IPAddress.Any)
            ? IPAddress.Loopback
            : listening.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : listening;
        return new UriBuilder(Uri.UriSchemeHttp, asked.ToString(), port).Uri;
    }
}
