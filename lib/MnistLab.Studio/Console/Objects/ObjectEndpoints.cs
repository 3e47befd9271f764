using Microsoft.AspNetCore.Mvc;
using MnistLab.Storage;

namespace MnistLab.Studio.Console.Objects;

/// <summary>Transfers the contents of objects to and from the browser as streams.</summary>
internal static class ObjectEndpoints
{
    /// <summary>Maps uploads and downloads.</summary>
    public static void MapObjects(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(ObjectAddress.Downloads + "{*path}", DownloadAsync);
        routes.MapPost(ObjectAddress.Uploads + "{*path}", UploadAsync).WithMetadata(new DisableRequestSizeLimitAttribute());
    }

    private static async Task<IResult> DownloadAsync(
        string path, ConsoleLab lab, HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            var url = ObjectAddress.Parse(path);
            var content = await lab.Open().Store.GetAsync(url, null, cancellationToken);
            // The object may be anything, such as a page with a script: force a download, and never show it as a page
            // of Studio.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            return Results.Stream(content, "application/octet-stream", url.Name);
        }
        catch (ObjectStoreException error) when (error.Error is ObjectStoreError.NoSuchKey or ObjectStoreError.NoSuchBucket)
        {
            return Results.Text(error.Message, statusCode: StatusCodes.Status404NotFound);
        }
        catch (Exception error) when (ConsoleErrors.IsExpected(error))
        {
            return Results.Text(error.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<IResult> UploadAsync(
        string path, HttpRequest request, ConsoleLab lab, Uploads uploads, CancellationToken cancellationToken)
    {
        using var upload = uploads.Begin($"s3://{path}", request.ContentLength, cancellationToken);
        try
        {
            var url = ObjectAddress.Parse(path);
            await lab.Open().Store.PutAsync(url, request.Body, null, upload, upload.Token);
            upload.End(UploadStatus.Completed);
            return Results.NoContent();
        }
        catch (Exception error) when (upload.Token.IsCancellationRequested)
        {
            upload.End(UploadStatus.Canceled);
            return Results.Text(error.Message, statusCode: StatusCodes.Status409Conflict);
        }
        catch (Exception error) when (ConsoleErrors.IsExpected(error))
        {
            upload.End(UploadStatus.Failed, error.Message);
            return Results.Text(error.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        catch
        {
            upload.End(UploadStatus.Failed);
            throw;
        }
    }
}
