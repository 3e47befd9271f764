using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Operations;

/// <summary>
/// Maps <c>GET /</c>: for browsers, the page to draw or upload a digit; for all other clients, the liveness status.
/// <c>GET /?pad</c> returns the page's drawing pad alone, for embedding in a notebook.
/// </summary>
internal static class PageEndpoint
{
    // A framed page is exposed to clickjacking. The pad offers nothing worth attacking: it takes a drawing, shows a
    // prediction, and accepts no token. Even so, only pages on this machine may frame it: Jupyter and the lab at
    // localhost, a report opened as a file, and VS Code, whose notebook outputs are frames of the scheme vscode-webview
    // in a window of the scheme vscode-file. Cross-origin requests remain forbidden: the frame has the service's own
    // origin.
    private const string Framers =
        "http://localhost:* http://127.0.0.1:* https://localhost:* https://127.0.0.1:* file: vscode-webview: vscode-file:";

    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        var page = Load();
        var (policy, policyOfPad) = (ContentSecurityPolicy(page, "'none'"), ContentSecurityPolicy(page, Framers));
        // The page itself contains no information about the service, so it needs no token.
        routes.MapRead("/", async context =>
        {
            var response = context.Response;
            response.Headers.Vary = "Accept";
            if (!context.Request.GetTypedHeaders().Accept.Any(
                type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase)))
            {
                using var buffer = new ResponseBuffer();
                HealthEndpoints.WriteAlive(buffer);
                buffer.WriteTo(response);
                return;
            }

            var isPad = context.Request.Query.ContainsKey("pad");
            response.Headers.ContentSecurityPolicy = isPad ? policyOfPad : policy;
            // X-Frame-Options cannot list origins, so for the pad the Content-Security-Policy alone decides.
            if (!isPad) response.Headers.XFrameOptions = "DENY";
            response.Headers["Referrer-Policy"] = "no-referrer";
            response.Headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
            response.Headers.CacheControl = "no-cache";
            response.ContentType = "text/html; charset=utf-8";
            response.ContentLength = page.Length;
            if (!HttpMethods.IsHead(context.Request.Method)) await response.BodyWriter.WriteAsync(page);
        }).AllowAnonymous();
    }

    // The page is the same for every service: its script requests the facts, with the token if there is one.
    private static byte[] Load()
    {
        using var stream = typeof(PageEndpoint).Assembly.GetManifestResourceStream("page.html")!;
        var page = new byte[stream.Length];
        stream.ReadExactly(page);
        return page;
    }

    // The page is self-contained and may fetch only predictions and facts from the service. Its script and style are
    // allowed by hash, so that injected ones do not run.
    private static string ContentSecurityPolicy(byte[] bytes, string framers)
    {
        var page = Encoding.UTF8.GetString(bytes);
        return $"default-src 'none'; style-src '{HashOf(page, "style")}'; script-src '{HashOf(page, "script")}'; img-src 'self' data: blob:; "
            + $"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {framers}";
    }

    private static string HashOf(string page, string element)
    {
        var start = page.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var content = page[start..page.IndexOf($"</{element}>", StringComparison.Ordinal)];
        return $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";
    }
}
