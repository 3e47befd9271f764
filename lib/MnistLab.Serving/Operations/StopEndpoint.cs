using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Responses;

namespace MnistLab.Serving.Operations;

/// <summary>
/// Maps the endpoint that stops the service, on every operating system, for requests that carry the instance's control
/// key, which only its user can read, instead of the service's token. Requests in flight are finished first.
/// </summary>
internal static class StopEndpoint
{
    public const string Path = "/control/stop";
    public const string KeyHeader = "X-Control-Key";

    public static void MapStop(this IEndpointRouteBuilder routes, RunSettings settings)
    {
        routes.MapPost(Path, (HttpContext context, IHostApplicationLifetime lifetime) =>
        {
            if (!IsAllowed(context.Request, settings)) return (IResult)TypedResults.NotFound();
            lifetime.StopApplication();
            return TypedResults.Json(
                new StatusResponse("stopping"),
                ResponseJson.Instance.StatusResponse,
                statusCode: StatusCodes.Status202Accepted);
        }).AllowAnonymous();
    }

    /// <summary>Returns whether a request carries the control key.</summary>
    public static bool IsAllowed(HttpRequest request, RunSettings settings) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(request.Headers[KeyHeader].ToString()), Encoding.UTF8.GetBytes(settings.ControlKey));
}
