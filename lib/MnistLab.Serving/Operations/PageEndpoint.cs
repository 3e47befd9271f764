using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Operations;

/// <summary>
/// <c>GET /</c>: the page to draw or upload a digit, for browsers; for everyone else a sign of life. <c>GET /?pad</c>:
/// its pad alone, to be framed by a notebook.
/// </summary>
internal static class PageEndpoint
{
    // A framed page can be overlaid by the page around it, so that a visitor clicks what they do not see. The pad has
    // nothing that would be worth it: it takes a drawing and shows a prediction, and it does not accept a token. The
    // pages that may frame it are nevertheless only those of this machine: Jupyter and the lab at localhost, a report
    // that was opened as a file, and VS Code, whose notebook outputs are frames of vscode-webview: in a window of
    // vscode-file:. Cross-origin requests stay closed: the frame is of the service's own origin.
    private const string Framers =
        "http://localhost:* http://127.0.0.1:* https://localhost:* https://127.0.0.1:* file: vscode-webview: vscode-file:";

    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        var page = Load();
        var (policy, policyOfPad) = (ContentSecurityPolicy(page, "'none'"), ContentSecurityPolicy(page, Framers));
        routes.MapRead("/", async context =>
        {
            var response = context.Response;
            response.Headers.Vary = "Accept";
            if (!context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase)))
            {
                using var buffer = new ResponseBuffer();
                HealthEndpoints.WriteAlive(buffer);
                buffer.WriteTo(response);
                return;
            }

            var isPad = context.Request.Query.ContainsKey("pad");
            response.Headers.ContentSecurityPolicy = isPad ? policyOfPad : policy;
            // This header knows no list of origins: for the pad, the policy alone decides.
            if (!isPad) response.Headers.XFrameOptions = "DENY";
            response.Headers["Referrer-Policy"] = "no-referrer";
            response.Headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
            response.Headers.CacheControl = "no-cache";
            response.ContentType = "text/html; charset=utf-8";
            response.ContentLength = page.Length;
            if (!HttpMethods.IsHead(context.Request.Method)) await response.BodyWriter.WriteAsync(page);
        });
    }

    // The page is the same for every service: what is of this one it asks for itself, with the token where there is
    // one.
    private static byte[] Load()
    {
        using var stream = typeof(PageEndpoint).Assembly.GetManifestResourceStream("page.html")!;
        var page = new byte[stream.Length];
        stream.ReadExactly(page);
        return page;
    }

    // The page holds all it needs, and may fetch nothing but predictions and facts. Its script and its style are
    // allowed by their hashes: nothing that is slipped in would run.
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
