using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Represents a page on a separate server that contains another page in a frame, as the output of a notebook does. It
/// records the messages of the frame.
/// </summary>
internal sealed class FramingPage : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FramingPage(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<FramingPage> StartAsync(Uri framed)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync($$"""
                <script>
                let isLoaded = false;
                const heights = [];
                addEventListener("message", event => heights.push(event.data.mnistlabPad));
                </script>
                <iframe src="{{framed}}" onload="isLoaded = true" width="700" height="560"
                  sandbox="allow-scripts allow-same-origin allow-popups"></iframe>
                """);
        });
        await app.StartAsync();
        return new FramingPage(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
