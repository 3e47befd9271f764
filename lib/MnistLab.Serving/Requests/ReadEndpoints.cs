using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MnistLab.Serving.Requests;

/// <summary>Maps read-only endpoints for GET and HEAD.</summary>
internal static class ReadEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps a read-only endpoint that returns JSON.</summary>
    /// <param name="routes">The route builder.</param>
    /// <param name="pattern">The route pattern.</param>
    /// <param name="write">Writes the response and returns its status code.</param>
    public static IEndpointConventionBuilder MapRead(
        this IEndpointRouteBuilder routes,
        string pattern,
        Func<HttpContext, ResponseBuffer, int> write) => routes.MapRead(pattern, context =>
    {
        using var buffer = new ResponseBuffer();
        var status = write(context, buffer);
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "1";
        context.Response.Headers.CacheControl = "no-store";
        buffer.WriteTo(context.Response, status: status);
        return Task.CompletedTask;
    });

    /// <summary>Maps a read-only endpoint.</summary>
    public static IEndpointConventionBuilder MapRead(this IEndpointRouteBuilder routes, string pattern, RequestDelegate answer) =>
        routes.MapMethods(pattern, Methods, answer);
}
