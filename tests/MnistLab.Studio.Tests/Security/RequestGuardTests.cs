using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using MnistLab.Studio.Hosting;

namespace MnistLab.Studio.Tests.Security;

public sealed class RequestGuardTests
{
    [Fact]
    public async Task Page_WithoutAToken_AsksForTheAddress()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var client = studio.Stranger();

        foreach (var path in new[] { "/", "/files", "/console", "/console/keys", "/console/objects/bucket/", "/console/download/bucket/key", "/studio.css", "/_framework/blazor.web.js", "/?token=0" })
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task Token_IsExchangedForACookie_ThatScriptsAndOtherSitesDoNotGet()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var client = studio.Stranger();

        using var entry = await client.GetAsync(studio.Application.Address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Redirect, entry.StatusCode);
        Assert.Equal("/", entry.Headers.Location!.ToString());
        var cookie = Assert.Single(entry.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        using var page = await client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.DoesNotContain(
            studio.Application.Address.Query,
            await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attacker.example")]
    [InlineData("attacker.example:PORT")]
    [InlineData("127.0.0.1.attacker.example:PORT")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:1")]
    [InlineData("localhost.attacker.example:PORT")]
    [InlineData("0.0.0.0:PORT")]
    public async Task Request_OfAnotherHost_IsRejected(string host)
    {
        await using var studio = await RunningStudio.StartAsync();
        using var client = await studio.EnterAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = host.Replace("PORT", $"{studio.Application.Root.Port}", StringComparison.Ordinal);

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task HostOfOutputs_ShowsNoPages()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var client = await studio.EnterAsync();
        var host = new UriBuilder(studio.Application.Root) { Host = "localhost" }.Uri;
        using var script = new HttpRequestMessage(HttpMethod.Get, new Uri(host, "/files"));
        script.Headers.Add("Sec-Fetch-Dest", "empty");

        using var opened = await client.GetAsync(new Uri(host, "/files?token=1"), TestContext.Current.CancellationToken);
        using var fetched = await client.SendAsync(script, TestContext.Current.CancellationToken);

        Assert.Equal(new Uri(studio.Application.Root, "/files?token=1"), opened.Headers.Location);
        Assert.Equal(HttpStatusCode.Forbidden, fetched.StatusCode);
    }

    [Theory]
    [InlineData("GET", "http://attacker.example")]
    [InlineData("POST", "http://attacker.example")]
    [InlineData("POST", "null")]
    [InlineData("GET", "null")]
    [InlineData("POST", null)]
    [InlineData("POST", "http://127.0.0.1:1")]
    [InlineData("POST", "https://127.0.0.1:PORT")]
    public async Task Request_OfAnotherOrigin_IsRejected(string method, string? origin)
    {
        await using var studio = await RunningStudio.StartAsync();
        using var client = await studio.EnterAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null)
            request.Headers.Add("Origin", origin.Replace("PORT", $"{studio.Application.Root.Port}", StringComparison.Ordinal));

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("cross-site", "image", HttpStatusCode.Forbidden)]
    [InlineData("same-site", "script", HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "iframe", HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "document", HttpStatusCode.OK)]
    [InlineData("same-origin", "image", HttpStatusCode.OK)]
    public async Task Load_FromAPageElsewhere_IsRejectedUnlessItIsALink(string site, string destination, HttpStatusCode expected)
    {
        await using var studio = await RunningStudio.StartAsync();
        using var client = await studio.EnterAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("Sec-Fetch-Dest", destination);

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("http://attacker.example", true, HttpStatusCode.Forbidden)]
    [InlineData("null", true, HttpStatusCode.Forbidden)]
    [InlineData(null, true, HttpStatusCode.Forbidden)]
    [InlineData("own", false, HttpStatusCode.Unauthorized)]
    public async Task WebSocket_OfAStranger_IsRejected(string? origin, bool hasCookie, HttpStatusCode expected)
    {
        await using var studio = await RunningStudio.StartAsync();
        using var socket = await ConnectAsync(studio, origin, hasCookie);

        Assert.Equal(expected, socket.HttpStatusCode);
        Assert.NotEqual(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task WebSocket_OfItsOwnPage_Opens()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var socket = await ConnectAsync(studio, "own", hasCookie: true);

        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task Server_ListensOnLoopbackAlone()
    {
        await using var studio = await RunningStudio.StartAsync();

        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(studio.Application.Root.Host)));
        foreach (var address in (await Dns.GetHostAddressesAsync(
            Dns.GetHostName(), TestContext.Current.CancellationToken)).Where(address => !IPAddress.IsLoopback(address)))
        {
            using var client = new TcpClient(address.AddressFamily);
            await Assert.ThrowsAsync<SocketException>(() => client
                .ConnectAsync(address, studio.Application.Root.Port, TestContext.Current.CancellationToken)
                .AsTask());
        }
    }

    [Theory]
    [InlineData("//attacker.example/")]
    [InlineData("/\\attacker.example/")]
    [InlineData("http://attacker.example/")]
    public async Task Preference_LeadsBackToThisSiteOnly(string page)
    {
        await using var studio = await RunningStudio.StartAsync();
        using var client = await studio.EnterAsync();

        using var response = await client.GetAsync(
            $"/language/zh?page={Uri.EscapeDataString(page)}", TestContext.Current.CancellationToken);

        Assert.Equal("/", response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Key_IsReadableToItsOwnerOnly_AndKeepsCookiesValid()
    {
        await using var studio = await RunningStudio.StartAsync();
        var file = studio.File("artifacts/studio/key");

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await using var other = await StudioApplication.StartAsync(
            new() { Workspace = studio.Workspace, Port = 0 }, TestContext.Current.CancellationToken);
        Assert.NotEqual(studio.Application.Address.Query, other.Address.Query);
        Assert.Equal(await CookieOfAsync(studio.Application.Address), await CookieOfAsync(other.Address));
    }

    // Without the name of the cookie, which contains the port.
    private static async Task<string> CookieOfAsync(Uri address)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var entry = await client.GetAsync(address, TestContext.Current.CancellationToken);
        return entry.Headers.GetValues("Set-Cookie").Single().Split('=', 2)[1];
    }

    private static async Task<ClientWebSocket> ConnectAsync(RunningStudio studio, string? origin, bool hasCookie)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin == "own" ? studio.Application.Root.GetLeftPart(UriPartial.Authority) : origin);
        if (hasCookie)
        {
            socket.Options.Cookies = new CookieContainer();
            using var client = new HttpClient(
                new HttpClientHandler { CookieContainer = socket.Options.Cookies, AllowAutoRedirect = false });
            using var entry = await client.GetAsync(studio.Application.Address, TestContext.Current.CancellationToken);
        }

        try
        {
            await socket.ConnectAsync(
                new UriBuilder(studio.Application.Root) { Scheme = "ws", Path = "/_blazor" }.Uri,
                TestContext.Current.CancellationToken);
        }
        catch (WebSocketException)
        {
        }

        return socket;
    }
}
