using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace MnistLab.Studio.Security;

/// <summary>
/// Rejects all requests except those of the user's own browser. A request must name this server as its host, which
/// prevents DNS rebinding; it must not come from a page of another origin; and it must carry the token or the cookie.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, AccessToken token)
{
    private static readonly string[] Hosts = [OutputAddress.PageHost, OutputAddress.OutputHost];

    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Request;
        SetHeaders(context);
        if (!IsThisServer(context)) return RejectAsync(context, "This is not the address that Studio printed.");
        // Outputs are protected by a secret in their address, because a sandboxed frame has neither an origin nor
        // cookies.
        if (request.Path.StartsWithSegments(OutputAddress.Prefix)) return next(context);
        if (request.Host.Host != OutputAddress.PageHost) return LeadToPages(context);
        if (!IsSameOrigin(request)) return RejectAsync(context, "Requests from other origins are rejected.");
        if (token.IsToken(request.Query[AccessToken.Parameter])) return LetIn(context);
        return token.IsCookie(request.Cookies[CookieName(context)]) ? next(context) : AskForToken(context);
    }

    // The other host is reserved for outputs.
    private static Task LeadToPages(HttpContext context)
    {
        var request = context.Request;
        var isOpened = HttpMethods.IsGet(request.Method)
            && (request.Headers["Sec-Fetch-Dest"] == "document" || request.Headers["Sec-Fetch-Dest"].Count == 0);
        if (!isOpened || IsUpgrade(request)) return RejectAsync(context, "This host serves only the outputs of notebooks.");
        context.Response.Redirect($"http://{OutputAddress.PageHost}:{request.Host.Port}{request.Path}{request.QueryString}");
        return Task.CompletedTask;
    }

    // Cookies do not distinguish ports, so each instance on this machine needs its own name.
    private static string CookieName(HttpContext context) =>
        string.Create(CultureInfo.InvariantCulture, $"mnistlab-{context.Connection.LocalPort}");

    private static bool IsThisServer(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && Hosts.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase)
        && context.Request.Host.Port == context.Connection.LocalPort;

    private static bool IsSameOrigin(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        if (origins.Count > 0) return origins.Count == 1 && origins[0] == $"http://{request.Host}";
        // Browsers send the origin with every request that changes state, and with WebSocket handshakes.
        if (request.HttpContext.WebSockets.IsWebSocketRequest || IsUpgrade(request)) return false;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return false;
        // A link on another page may lead here; a script, image, or frame on another page must not load from here.
        var site = request.Headers["Sec-Fetch-Site"];
        return StringValues.IsNullOrEmpty(site) || site == "same-origin" || site == "none"
            || request.Headers["Sec-Fetch-Dest"] == "document";
    }

    private static bool IsUpgrade(HttpRequest request) => !StringValues.IsNullOrEmpty(request.Headers.Upgrade);

    private Task LetIn(HttpContext context)
    {
        context.Response.Cookies.Append(CookieName(context), token.Cookie, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Path = "/",
            IsEssential = true,
        });
        var query = context.Request.Query.Where(pair => pair.Key != AccessToken.Parameter);
        context.Response.Redirect(context.Request.Path + new QueryBuilder(query).ToString());
        return Task.CompletedTask;
    }

    private static Task AskForToken(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(AskingPage.Html);
    }

    private static Task RejectAsync(HttpContext context, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason);
    }

    private static void SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy.OfPages;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
    }
}
