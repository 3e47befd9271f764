using System.Net;
using System.Text.Json.Nodes;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Tests the host name of requests: a web page whose host name resolves to this machine must not be able to read a
/// service that is for this machine alone.
/// </summary>
public sealed class HostTests(FastModel model)
{
    private const string Token = "a-token-of-the-test-0123";
    private static readonly (string Method, string Path, string Member)[] Everywhere =
    [
        ("GET", "/", "error_code"),
            ("GET", "/service", "error_code"),
            ("GET", "/metrics", "error_code"),
            ("GET", "/openapi.json", "error_code"),
        ("GET", "/health/live", "error_code"), ("POST", "/control/stop", "error_code"), ("POST", "/", "error_code"),
        ("GET", "/v1/models", "error"), ("POST", "/v2/models/digits/infer", "error"),
    ];

    [Fact]
    public async Task Send_ToALoopbackServiceUnderAForeignName_IsRejectedEverywhere()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);

        string[] hosts =
        [
            "rebound.example", $"rebound.example:{service.Url.Port}", "127.0.0.1.rebound.example", "localhost.rebound.example",
            "0.0.0.0", "192.168.0.1", "digits",
        ];
        foreach (var host in hosts)
        {
            foreach (var (method, path, member) in Everywhere)
            {
                using var response = await SendAsync(service, method, path, host);
                var text = await response.Content.ReadAsStringAsync();

                Assert.Equal((path, HttpStatusCode.BadRequest), (path, response.StatusCode));
                var json = JsonNode.Parse(text)!.AsObject();
                Assert.Equal(member, json.First().Key);
                Assert.Contains($"'{host}' is not allowed", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Send_ToALoopbackServiceUnderANameOfThisMachine_IsAnswered()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);

        foreach (var host in new[] { "127.0.0.1", $"127.0.0.1:{service.Url.Port}", "localhost", "LocalHost:8080", "[::1]", "[::1]:8080", "digits.localhost:8080" })
        {
            using var response = await SendAsync(service, "GET", "/service", host);
            Assert.Equal((host, HttpStatusCode.OK), (host, response.StatusCode));
        }
    }

    [Theory]
    [InlineData("127.0.0.2")]
    [InlineData("::1")]
    public async Task Send_ToAnotherLoopbackAddress_IsAnsweredUnderIt(string address)
    {
        Assert.SkipUnless(Answers(address), $"This machine has no {address}.");
        await using var service = await RunningApplication.StartAsync(model.Package, new AccessSettings(address));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var url = ServiceAddress.UrlOf(address, service.Url.Port);

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(url, "service"))).StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "service")) { Headers = { Host = "rebound.example" } };
        Assert.Equal(HttpStatusCode.BadRequest, (await http.SendAsync(foreign)).StatusCode);
    }

    [Fact]
    public async Task Send_ToAServiceOfTheNetwork_IsAnsweredUnderEveryName()
    {
        await using var service = await RunningApplication.StartAsync(model.Package, new AccessSettings("0.0.0.0", Token));

        foreach (var host in new[] { "digits.example", "digits", "192.168.0.1:8080", "localhost" })
        {
            using var response = await SendAsync(service, "GET", "/service", host, Token);
            Assert.Equal((host, HttpStatusCode.OK), (host, response.StatusCode));
        }
    }

    private static bool Answers(string address)
    {
        try
        {
            return FreePort.Choose(null, IPAddress.Parse(address), Random.Shared) > 0;
        }
        catch (Exception exception) when (exception is DeploymentException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(
        RunningApplication service, string method, string path, string host, string? token = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { Host = host } };
        if (token is not null) request.Headers.Add("X-Auth-Token", token);
        return await service.Http.SendAsync(request);
    }
}
