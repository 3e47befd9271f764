using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Represents a reverse proxy that makes a service available below a path, and responds with 404 everywhere else.
/// </summary>
internal sealed class PrefixProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private PrefixProxy(WebApplication app, HttpClient http, string prefix)
    {
        (_app, _http) = (app, http);
        Url = new Uri(
            new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), $"{prefix}/");
    }

    /// <summary>The address of the service, with a slash at the end.</summary>
    public Uri Url { get; }

    public static async Task<PrefixProxy> StartAsync(Uri service, string prefix)
    {
        var http = LoopbackHttp.CreateClient(service);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var app = builder.Build();
        app.Map(prefix + "/{**path}", context => ForwardAsync(http, context));
        await app.StartAsync();
        return new PrefixProxy(app, http, prefix);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private static async Task ForwardAsync(HttpClient http, HttpContext context)
    {
        var address = $"{context.Request.RouteValues["path"]}{context.Request.QueryString}";
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), address);
        request.Headers.TryAddWithoutValidation("Accept", context.Request.Headers.Accept.ToString());
        if (context.Request.ContentType is { } type)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await http.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers
            .Concat(response.Content.Headers)
            .Where(header => header.Key is not "Transfer-Encoding"))
            context.Response.Headers[name] = values.ToArray();
        await response.Content.CopyToAsync(context.Response.Body);
    }
}
