using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MnistLab.Storage.Tests;

/// <summary>
/// Represents an S3 server in memory whose ETags, faults, and checks a test chooses, for behavior that a real server
/// shows only with a key service or over a connection that damages data. It accepts any signature.
/// </summary>
internal sealed class StubS3Server : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Key, string? Marker)> _uploads = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Upload, int Number), byte[]> _parts = new();
    private readonly ConcurrentQueue<StubRequest> _requests = new();

    private StubS3Server(WebApplication application) => _application = application;

    /// <summary>Gets the address of the server.</summary>
    public Uri Endpoint => new(_application.Urls.Single());

    /// <summary>
    /// Gets or sets the function that returns the ETag of a content, without quotation marks; null for no ETag.
    /// </summary>
    public Func<byte[], string?> ETagOf { get; set; } = content => Convert.ToHexStringLower(MD5.HashData(content));

    /// <summary>
    /// Gets or sets the function that changes a body between the client and the checks of the server.
    /// </summary>
    public Func<byte[], byte[]> Transmit { get; set; } = body => body;

    /// <summary>Gets or sets the function that changes the content that the server stores after its checks.</summary>
    public Func<byte[], byte[]> Keep { get; set; } = content => content;

    /// <summary>Gets or sets the number of lost responses to the completion of an upload.</summary>
    public int LostCompletions { get; set; }

    public IReadOnlyCollection<StubRequest> Requests => _requests;

    public static async Task<StubS3Server> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        var application = builder.Build();
        var server = new StubS3Server(application);
        application.Run(server.RespondAsync);
        await application.StartAsync();
        return server;
    }

    public byte[]? ContentOf(string path) => _objects.TryGetValue(path, out var found) ? found.Content : null;

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task RespondAsync(HttpContext context)
    {
        using var received = new MemoryStream();
        await context.Request.Body.CopyToAsync(received);
        var (request, body) = (context.Request, Transmit(received.ToArray()));
        var (path, query) = (request.Path.Value!, request.Query);
        var md5 = request.Headers.ContentMD5.ToString();
        _requests.Enqueue(new StubRequest(
            request.Method, path, request.Host.Value!, md5, received.ToArray(), $"{request.Headers.Authorization}"));
        if (md5.Length > 0 && md5 != Convert.ToBase64String(MD5.HashData(body)))
        {
            await ErrorAsync(context, 400, "BadDigest");
        }
        else if (request.Method == "PUT" && query.ContainsKey("partNumber"))
        {
            _parts[($"{query["uploadId"]}", int.Parse($"{query["partNumber"]}", CultureInfo.InvariantCulture))] = body;
            AddETag(context, body);
        }
        else if (request.Method == "PUT")
        {
            Store(path, body, null);
            AddETag(context, body);
        }
        else if (request.Method == "POST" && query.ContainsKey("uploads"))
        {
            var upload = Guid.NewGuid().ToString("N");
            _uploads[upload] = (path, MarkerOf(request));
            await XmlAsync(context, $"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>");
        }
        else if (request.Method == "POST")
        {
            await CompleteAsync(context, path, $"{query["uploadId"]}");
        }
        else if (request.Method == "DELETE")
        {
            if (!query.ContainsKey("uploadId")) _objects.TryRemove(path, out _);
            context.Response.StatusCode = 204;
        }
        else
        {
            await ReadAsync(context, path);
        }
    }

    private async Task CompleteAsync(HttpContext context, string path, string upload)
    {
        if (!_uploads.TryRemove(upload, out var started))
        {
            await ErrorAsync(context, 404, "NoSuchUpload");
            return;
        }

        var parts = _parts.Where(part => part.Key.Upload == upload).OrderBy(part => part.Key.Number);
        byte[] content = [.. parts.SelectMany(part => part.Value)];
        Store(path, content, started.Marker);
        if (LostCompletions-- > 0) context.Abort();
        else await XmlAsync(context, $"<CompleteMultipartUploadResult><ETag>{ETagOf(content)}</ETag></CompleteMultipartUploadResult>");
    }

    private async Task ReadAsync(HttpContext context, string path)
    {
        if (!_objects.TryGetValue(path, out var found))
        {
            await ErrorAsync(context, 404, "NoSuchKey");
            return;
        }

        AddETag(context, found.Content);
        context.Response.Headers.LastModified = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        if (found.Marker is { } marker)
            context.Response.Headers[marker[..marker.IndexOf('=', StringComparison.Ordinal)]] = marker[(marker.IndexOf(
                '=', StringComparison.Ordinal) + 1)..];
        context.Response.ContentLength = found.Content.Length;
        if (context.Request.Method == "GET") await context.Response.Body.WriteAsync(found.Content);
    }

    private void Store(string path, byte[] content, string? marker) => _objects[path] = new StoredObject(Keep(content), marker);

    private void AddETag(HttpContext context, byte[] content)
    {
        if (ETagOf(content) is { } tag) context.Response.Headers.ETag = $"\"{tag}\"";
    }

    private static string? MarkerOf(HttpRequest request) => request.Headers
        .Where(header => header.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase))
        .Select(header => $"{header.Key}={header.Value}")
        .SingleOrDefault();

    private static Task ErrorAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        return context.Request.Method == "HEAD"
            ? Task.CompletedTask
            : XmlAsync(context, $"<Error><Code>{code}</Code><Message>Refused.</Message></Error>");
    }

    private static Task XmlAsync(HttpContext context, string xml)
    {
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(xml);
    }

    private sealed record StoredObject(byte[] Content, string? Marker);
}

/// <summary>Represents a request as the stub received it, before its body was damaged.</summary>
internal sealed record StubRequest(string Method, string Path, string Host, string ContentMd5, byte[] Body, string Authorization);
