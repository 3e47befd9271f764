using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

/// <summary>Tests HTTP cells with a server on this machine.</summary>
public sealed class HttpKernelTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private readonly WebApplication _server;

    public HttpKernelTests()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.MapGet("/health", () => "ready");
        _server.MapGet("/image", () => Results.Bytes([1, 2, 3], "image/png"));
        _server.MapGet("/never", (CancellationToken ended) => Task.Delay(Timeout.Infinite, ended));
        _server.MapPost("/predict", async (HttpRequest request) =>
        {
            var body = await new StreamReader(request.Body).ReadToEndAsync();
            var token = request.Headers["X-Token"].ToString();
            return Results.Json(new { got = body, type = request.ContentType, token }, statusCode: 422);
        });
    }

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(TestContext.Current.CancellationToken);
        await _session.RunAsync($"var service = new Uri(\"{_server.Urls.Single()}\");\nvar score = 0.5;");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _session.Dispose();
    }

    [Fact]
    public async Task Cell_OfSeveralRequests_ShowsEachResponseAndContinuesInCSharp()
    {
        var result = await _session.RunAsync("""
            #!http
            GET {{service}}health

            ###
            POST {{service}}predict
            Content-Type: application/json
            X-Token: secret

            [{{score}}]
            #!csharp
            score * 2
            """);

        Assert.Equal("1", result);
        var shown = _session.Outputs.OfType<DisplayOutput>().Select(output => output.Data).ToList();
        Assert.Equal(2, shown.Count);
        Assert.Matches(@"\A200 OK, \d+ ms, 5 bytes\n(.+: .+\n)+\nready\z", Text(shown[0], "text/plain"));
        Assert.Contains("<pre>ready</pre>", Text(shown[0], "text/html"), StringComparison.Ordinal);
        Assert.Matches(@"\A422 Unprocessable Entity, ", Text(shown[1], "text/plain"));
        Assert.EndsWith(
            "{\n  \"got\": \"[0.5]\",\n  \"type\": \"application/json\",\n  \"token\": \"secret\"\n}",
            Text(shown[1], "text/plain"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_ThatIsAnImage_IsShownAsOne()
    {
        await _session.RunAsync("#!http\nGET {{service}}image");
        var shown = Assert.IsType<DisplayOutput>(_session.Outputs[^1]).Data;
        Assert.Contains("<img src=\"data:image/png;base64,AQID\"", Text(shown, "text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_ThatIsNotThere_IsNamedAndTheSessionContinues()
    {
        var address = _server.Urls.Single();
        await _server.StopAsync(TestContext.Current.CancellationToken);
        var error = (await _session.TryAsync("1\n#!http\nGET {{service}}health")).Error!;
        var message = $"(2,1): error: #!http: GET {address}/health failed: ";
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("Is the service running?", error.Message, StringComparison.Ordinal);
        Assert.Equal("0.5", await _session.RunAsync("score"));
    }

    [Fact]
    public async Task Request_ThatIsInterrupted_Ends()
    {
        using var stop = new CancellationTokenSource();
        var running = _session.TryAsync("#!http\nGET {{service}}never", stop.Token);
        await stop.CancelAsync();
        Assert.False((await running).Succeeded);
        Assert.Equal("0.5", await _session.RunAsync("score"));
    }

    [Fact]
    public async Task Cell_InHttpByItsMetadata_IsSent()
    {
        using var folder = new TemporaryFolder();
        var file = folder["http.dib"];
        var stop = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(file, $"#!http\n\nGET {_server.Urls.Single()}/health\n", stop);
        var notebook = NotebookDocument.Read(file);
        var run = await new NotebookRunner(TimeProvider.System).RunAsync(notebook, cancellationToken: stop);
        Assert.True(run.Succeeded);
        var shown = Assert.IsType<DisplayOutput>(Assert.Single(notebook.Cells[0].Outputs)).Data;
        Assert.Matches(@"\A200 OK, ", Text(shown, "text/plain"));
    }

    private static string Text(MimeBundle bundle, string mimeType) => bundle[mimeType]!.GetValue<string>();
}
