using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MnistLab.Serving.Requests;

/// <summary>
/// Restricts the Host header for a service on the loopback interface. Otherwise, a web page could read the service
/// through its visitor's browser by resolving its own host name to 127.0.0.1 (DNS rebinding).
/// </summary>
internal static class LoopbackHosts
{
    // Hosts are compared in this order, so the one that the service's own clients use comes first.
    private static readonly string[] Names = ["127.0.0.1", "localhost", "[::1]", "*.localhost"];

    /// <summary>Registers the allowed hosts; they apply only to a service on the loopback interface.</summary>
    public static void Add(IServiceCollection services, IPAddress address) => services.AddHostFiltering(options =>
    {
        options.AllowedHosts = [.. Names, new UriBuilder(Uri.UriSchemeHttp, $"{address}").Host];
        // The error response is written in the format of the other errors instead.
        options.IncludeFailureMessage = false;
    });

    /// <summary>Rejects requests for other hosts if the service listens on the loopback interface.</summary>
    public static void Use(IApplicationBuilder app, IPAddress address)
    {
        if (IPAddress.IsLoopback(address)) app.UseHostFiltering();
    }

    /// <summary>Creates the error for a request that was rejected because of its host.</summary>
    public static RequestRejectedException Rejected(HttpContext context) => new(
        StatusCodes.Status400BadRequest,
        PredictionErrorCode.HostNotAllowed,
        $"The host '{context.Request.Host}' is not allowed: this service accepts only localhost and 127.0.0.1. "
        + "A reverse proxy must send one of these as Host; for other names, deploy the service on a network address, with a token.");
}
