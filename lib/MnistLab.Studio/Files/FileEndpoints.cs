using MnistLab.Studio.Security;

namespace MnistLab.Studio.Files;

/// <summary>Serves files of the workspace unchanged: images as images, everything else as plain text.</summary>
internal static class FileEndpoints
{
    private static readonly Dictionary<string, string> Images = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".svg"] = "image/svg+xml",
    };

    public static void MapFiles(this IEndpointRouteBuilder routes) => routes.MapGet("/file/{*path}", Read);

    private static IResult Read(string path, WorkspaceFiles files, HttpContext context)
    {
        try
        {
            var file = files.Locate(path);
            // Studio's own files, such as its access token, are not served.
            if (!File.Exists(file) || files.IsPrivate(file)) return Results.NotFound();
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
            return Results.File(file, Images.GetValueOrDefault(Path.GetExtension(file), "text/plain; charset=utf-8"));
        }
        catch (StudioException error)
        {
            return Results.Text(error.Message, statusCode: StatusCodes.Status403Forbidden);
        }
    }
}
