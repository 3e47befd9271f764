using System.Security.Cryptography;
using MnistLab.Studio.Security;

namespace MnistLab.Studio.Outputs;

/// <summary>
/// Writes the page inside the frame of an output. Its origin differs from that of Studio's pages, so that it has no
/// cookie, cannot access them, and communicates only by messages. Its content security policy decides whether scripts
/// of the output run.
/// </summary>
internal static class OutputFramePage
{
    private static readonly string Script = Read("frame.js");
    private static readonly string Style = Read("frame.css");

    /// <summary>Writes the page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="runsScripts">Whether scripts of the output run.</param>
    /// <param name="root">The prefix of the addresses of libraries.</param>
    public static IResult Write(HttpContext context, bool runsScripts, string root)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var own = $"http://{context.Request.Host}{root}library/";
        // A trusted output may use the web, as in Jupyter, and embed pages of services on this machine; Studio's own
        // pages refuse to be framed.
        var sources = runsScripts
            ? $"script-src 'unsafe-inline' 'unsafe-eval' blob: https: {own}; connect-src https: data: blob:; "
                + "style-src 'unsafe-inline' https:; font-src data: https:; img-src data: blob: https:; worker-src blob:; "
                + "frame-src https: http://127.0.0.1:* http://localhost:*"
            : $"script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; font-src data:; img-src data: blob:";
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'; "
            + $"frame-ancestors http://{OutputAddress.PageHost}:{context.Request.Host.Port}; "
            + $"sandbox allow-scripts {(runsScripts ? "allow-same-origin " : "")}allow-popups allow-popups-to-escape-sandbox";
        headers.Remove("X-Frame-Options");
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.CacheControl = "no-store";
        return Results.Text(
            $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Output</title><style>{Style}</style></head>
            <body><div id="output"></div><script nonce="{nonce}">{Script}</script></body></html>
            """,
            "text/html; charset=utf-8");
    }

    private static string Read(string name)
    {
        using var stream = typeof(OutputFramePage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
