using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MnistLab.Serving.Requests;

/// <summary>Addresses that tell something in JSON and change nothing.</summary>
internal static class ReadEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps an address to read at.</summary>
    /// <param name="routes">What to map it in.</param>
    /// <param name="pattern">The address.</param>
    /// <param name="write">Writes the answer, and returns its status.</param>
    public static void MapRead(this IEndpointRouteBuilder routes, string pattern, Func<HttpContext, ResponseBuffer, int> write) => routes.MapRead(pattern, context =>
    {
        using var buffer = new ResponseBuffer();
        var status = write(context, buffer);
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "1";
        context.Response.Headers.CacheControl = "no-store";
        buffer.WriteTo(context.Response, status: status);
        return Task.CompletedTask;
    });

    /// <summary>Maps an address to read at.</summary>
    public static void MapRead(this IEndpointRouteBuilder routes, string pattern, RequestDelegate answer) => routes.MapMethods(pattern, Methods, answer);
}
