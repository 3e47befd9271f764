using System.Globalization;
using System.Net;
using System.Net.Mime;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using MnistLab.Serving.Online;

namespace MnistLab.Serving.Tests.Container;

/// <summary>
/// Represents a registry of container images on the loopback interface, which contains one image
/// (https://github.com/opencontainers/distribution-spec).
/// </summary>
internal sealed class ImageRegistry : IAsyncDisposable
{
    // Docker's media types, which .NET images have: the SDK then writes the kind of archive that every `docker load`
    // can read.
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private const string ConfigType = "application/vnd.docker.container.image.v1+json";
    private const string LayerType = "application/vnd.docker.image.rootfs.diff.tar";

    private readonly WebApplication _app;

    private ImageRegistry(WebApplication app) => _app = app;

    /// <summary>Gets the address of the registry, such as <c>127.0.0.1:20001</c>.</summary>
    public string Authority => OnlineServiceApplication.Address(_app).Authority;

    /// <summary>Gets the name of the image.</summary>
    public string Image => $"{Authority}/base:test";

    /// <summary>Starts the registry with an image of one layer.</summary>
    public static async Task<ImageRegistry> StartAsync(string layer)
    {
        string layerDigest;
        await using (var content = File.OpenRead(layer)) layerDigest = Digest(await SHA256.HashDataAsync(content));
        var config = Bytes(new JsonObject
        {
            ["architecture"] = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["Env"] = new JsonArray("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(layerDigest) },
        });
        var configDigest = Digest(SHA256.HashData(config));
        var manifest = Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Descriptor(ConfigType, configDigest, config.Length),
            ["layers"] = new JsonArray(Descriptor(LayerType, layerDigest, new FileInfo(layer).Length)),
        });

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context =>
        {
            var path = context.Request.Path.Value!;
            context.Response.Headers["Docker-Content-Digest"] = Digest(SHA256.HashData(manifest));
            return path switch
            {
                "/v2/" => WriteAsync(context, MediaTypeNames.Application.Json, "{}"u8.ToArray()),
                _ when path.Contains("/manifests/", StringComparison.Ordinal) =>
                    WriteAsync(context, ManifestType, manifest),
                _ when path.EndsWith(configDigest, StringComparison.Ordinal) => WriteAsync(context, ConfigType, config),
                _ when path.EndsWith(layerDigest, StringComparison.Ordinal) => context.Response.SendFileAsync(layer),
                _ => NotFoundAsync(context),
            };
        });
        await app.StartAsync();
        return new ImageRegistry(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static Task WriteAsync(HttpContext context, string type, byte[] content)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(content).AsTask();
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static JsonObject Descriptor(string type, string digest, long size) =>
        new() { ["mediaType"] = type, ["digest"] = digest, ["size"] = size };

    private static byte[] Bytes(JsonObject json) =>
        Encoding.UTF8.GetBytes(json.ToJsonString(JsonSerializerOptions.Web));

    private static string Digest(byte[] hash) =>
        string.Create(CultureInfo.InvariantCulture, $"sha256:{Convert.ToHexStringLower(hash)}");
}
