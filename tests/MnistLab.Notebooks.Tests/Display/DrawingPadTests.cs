using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.Playwright;
using MnistLab.BrowserTesting;
using static Microsoft.Playwright.Assertions;

namespace MnistLab.Notebooks.Tests;

/// <summary>
/// Tests the output around the frame, with a page that behaves like the pad of the service; the tests of the service
/// cover the pad itself.
/// </summary>
public sealed class DrawingPadTests : IClassFixture<HeadlessChromium>, IAsyncDisposable
{
    private readonly HeadlessChromium _chromium;

    public DrawingPadTests(HeadlessChromium chromium)
    {
        _chromium = chromium;
        Lab.Open();
    }

    public ValueTask DisposeAsync() => _chromium.ClosePagesAsync();

    [Fact]
    public async Task Open_WhileTheServiceRuns_ShowsItAtItsHeight()
    {
        using var service = new FakeService();
        var page = await OpenAsync(service.Url);

        await Expect(page.FrameLocator("iframe").Locator("h1")).ToHaveTextAsync("pad");
        await Expect(page.Locator("iframe")).ToHaveCSSAsync("height", "325px");
        await Expect(page.Locator("[role=status]")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Open_WithoutAService_SaysSo_AndShowsItOnceItRuns()
    {
        var service = new FakeService();
        var url = service.Url;
        service.Dispose();
        var page = await OpenAsync(url);

        await Expect(page.Locator("[role=status] p")).ToContainTextAsync($"The service at {url} does not respond.");
        await Expect(page.Locator("iframe")).ToBeHiddenAsync();

        using var again = new FakeService(url.Port);
        await page.Locator("button").ClickAsync();
        await Expect(page.Locator("iframe")).ToBeVisibleAsync();
        await Expect(page.Locator("[role=status]")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("digits")]
    [InlineData("file:///etc/passwd")]
    public void For_WhatIsNoWebAddress_IsRefused(string address) =>
        Assert.Contains(address, Assert.Throws<ArgumentException>(
            () => DrawingPad.For(new Uri(address, UriKind.RelativeOrAbsolute))).Message, StringComparison.Ordinal);

    private async Task<IPage> OpenAsync(Uri service, string language = "en")
    {
        var page = await _chromium.NewPageAsync(new() { Locale = "en-US" });
        var html = DrawingPad.For(service).ToDisplayString(HtmlFormatter.MimeType);
        await page.SetContentAsync(
            $"<!doctype html><html lang=\"{language}\"><body>{html}</body></html>",
            new() { WaitUntil = WaitUntilState.Commit });
        return page;
    }

    /// <summary>Responds to every request with a page that reports its height.</summary>
    private sealed class FakeService : IDisposable
    {
        private readonly TcpListener _listener;

        public FakeService(int port = 0)
        {
            _listener = new TcpListener(IPAddress.Loopback, port);
            _listener.Start();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
            _ = AnswerAsync();
        }

        public Uri Url { get; }

        public void Dispose() => _listener.Dispose();

        private async Task AnswerAsync()
        {
            try
            {
                // A browser opens connections in advance, which must not keep the others waiting.
                while (true) _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
            }
            // The test has ended.
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
            }
        }

        private static async Task AnswerAsync(TcpClient client)
        {
            using (client)
            {
                try
                {
                    await client.GetStream().ReadAtLeastAsync(new byte[4096], 16);
                    const string body = "<h1>pad</h1><script>parent.postMessage({ mnistlabPad: 323 }, '*')</script>";
                    await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                        $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
                }
                // The browser closed a connection that it did not need.
                catch (IOException)
                {
                }
            }
        }
    }
}
