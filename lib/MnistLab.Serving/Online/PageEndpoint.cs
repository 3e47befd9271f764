using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MnistLab.Serving;

/// <summary><c>GET /</c>: the page to draw or upload a digit, for browsers; for everyone else a sign of life.</summary>
internal static class PageEndpoint
{
    // The page holds all it needs, and may fetch nothing but predictions.
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapPage(this IEndpointRouteBuilder routes, RunSettings settings)
    {
        var page = Load()
            .Replace("{{service}}", WebUtility.HtmlEncode(settings.Service), StringComparison.Ordinal)
            .Replace("{{model}}", WebUtility.HtmlEncode($"{settings.Models[0].Model} {settings.Models[0].Version}"), StringComparison.Ordinal);
        routes.MapGet("/", (HttpContext context) =>
        {
            context.Response.Headers.Vary = "Accept";
            if (!context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase))) return (IResult)HealthEndpoints.Alive();
            context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Content(page, "text/html; charset=utf-8");
        });
    }

    private static string Load()
    {
        using var stream = typeof(PageEndpoint).Assembly.GetManifestResourceStream("page.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
