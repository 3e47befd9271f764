using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MnistLab.Serving.Requests;

/// <summary>
/// Host filtering for a service on the loopback interface. Without it, a web page could read the service through its
/// visitor's browser by pointing its own name at 127.0.0.1 (DNS rebinding).
/// </summary>
internal static class LoopbackHosts
{
    // The address that the service's own clients use comes first: hosts are compared one after the other.
    private static readonly string[] Names = ["127.0.0.1", "localhost", "[::1]", "*.localhost"];

    /// <summary>Registers the names; those of a service that others can reach are not restricted.</summary>
    public static void Add(IServiceCollection services, IPAddress address) => services.AddHostFiltering(options =>
    {
        options.AllowedHosts = [.. Names, new UriBuilder(Uri.UriSchemeHttp, $"{address}").Host];
        // The response has the shape of all others.
        options.IncludeFailureMessage = false;
    });

    /// <summary>Rejects requests with another host, where the service listens on the loopback interface.</summary>
    public static void Use(IApplicationBuilder app, IPAddress address)
    {
        if (IPAddress.IsLoopback(address)) app.UseHostFiltering();
    }

    /// <summary>Describes a request that was rejected for its host.</summary>
    public static RequestRejectedException Rejected(HttpContext context) => new(
        StatusCodes.Status400BadRequest,
        PredictionErrorCode.HostNotAllowed,
        $"The host '{context.Request.Host}' is not allowed: this service answers to localhost and 127.0.0.1. "
        + "A reverse proxy has to send one of these as Host; for other names, deploy the service at an address of the network, with a token.");
}
