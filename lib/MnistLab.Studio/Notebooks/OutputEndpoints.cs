using System.Text;
using MnistLab.Studio.Outputs;
using MnistLab.Studio.Security;

namespace MnistLab.Studio.Notebooks;

/// <summary>Maps the endpoints from which pages and frames load outputs.</summary>
internal static class OutputEndpoints
{
    private static readonly string[] ImageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"];

    public static void MapOutputs(this IEndpointRouteBuilder routes)
    {
        // For pages, whose requests carry the cookie.
        routes.MapGet("/notebook-output/html", (string notebook, long output, NotebookSessions sessions) =>
            Find(sessions, notebook, output) is (var session, { } found) && HtmlOf(found) is { } html
                ? Html(session, html)
                : Results.NotFound());
        routes.MapGet("/notebook-output/image", (
            string notebook, long output, string type, NotebookSessions sessions, HttpContext context) =>
            Find(sessions, notebook, output) is (_, { Data: { } data }) && ImageTypes.Contains(type) && data.TryGetText(type, out var text)
                ? Image(context, type, text)
                : Results.NotFound());
        routes.MapGet("/notebook-output/text", (string notebook, long output, NotebookSessions sessions) =>
            Find(sessions, notebook, output) is (_, { } found) && (found.Text?.ToString() ?? found.PlainData) is { } text
                ? Results.Text(text, "text/plain; charset=utf-8")
                : Results.NotFound());

        // For frames, whose requests carry no cookie.
        var frames = routes.MapGroup($"{OutputAddress.Prefix}/{{key}}");
        frames.MapGet("/frame", (string key, bool? scripts, AccessToken token, HttpContext context) =>
            OutputAddress.IsKey(token, key)
                ? OutputFramePage.Write(context, scripts == true, $"{OutputAddress.Prefix}/{key}/")
                : Results.NotFound());
        frames.MapGet("/library/{hash}", (string key, string hash, AccessToken token, NotebookSessions sessions, HttpContext context) =>
        {
            if (!OutputAddress.IsKey(token, key)) return Results.NotFound();
            var library = sessions.Open.Select(session => session.FindLibrary(hash)).FirstOrDefault(text => text is not null);
            if (library is null) return Results.NotFound();
            context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Text(library, "text/javascript; charset=utf-8");
        });
    }

    private static (NotebookSession, OutputState)? Find(NotebookSessions sessions, string notebook, long id)
    {
        try
        {
            var session = sessions.Get(notebook);
            return session.FindOutput(id) is { } output ? (session, output) : null;
        }
        catch (StudioException)
        {
            return null;
        }
    }

    private static string? HtmlOf(OutputState output)
    {
        if (output.Data is not { } data) return null;
        if (data.TryGetText("text/html", out var html)) return html;
        return data.TryGetText("application/javascript", out var script) ? $"<script>{script}</script>" : null;
    }

    private static IResult Html(NotebookSession session, string html)
    {
        var parts = OutputHtml.Split(html);
        return Results.Json(new { html = parts.Html, libraries = parts.HasScripts || parts.Libraries.Count > 0 ? session.Libraries : [] });
    }

    private static IResult Image(HttpContext context, string type, string text)
    {
        // An SVG that is opened directly must not run scripts either.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        return type == "image/svg+xml"
            ? Results.Bytes(Encoding.UTF8.GetBytes(text), type)
            : TryDecode(text) is { } bytes ? Results.Bytes(bytes, type) : Results.NotFound();
    }

    private static byte[]? TryDecode(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
