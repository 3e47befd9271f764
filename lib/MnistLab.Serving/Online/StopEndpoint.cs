using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace MnistLab.Serving;

/// <summary>
/// How a service is asked to stop, on every system: by a request that carries the run's key, which only its user can read. Requests under way are finished first.
/// </summary>
internal static class StopEndpoint
{
    public const string Path = "/control/stop";
    public const string KeyHeader = "X-Control-Key";

    public static void MapStop(this IEndpointRouteBuilder routes, RunSettings settings)
    {
        var expected = Encoding.UTF8.GetBytes(settings.ControlKey);
        routes.MapPost(Path, (HttpContext context, IHostApplicationLifetime lifetime) =>
        {
            var given = Encoding.UTF8.GetBytes(context.Request.Headers[KeyHeader].ToString());
            if (!CryptographicOperations.FixedTimeEquals(given, expected)) return (IResult)TypedResults.NotFound();
            lifetime.StopApplication();
            return TypedResults.Json(new StatusAnswer("stopping"), AnswerJson.Instance.StatusAnswer, statusCode: StatusCodes.Status202Accepted);
        });
    }
}
