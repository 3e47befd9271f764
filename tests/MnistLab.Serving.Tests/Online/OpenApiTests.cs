using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MnistLab.Serving.Tests;

public sealed class OpenApiTests(FastModel model)
{
    [Fact]
    public async Task Document_HasEveryRoute_AndEveryExampleIsAnsweredAsItSays()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);
        var document = JsonNode.Parse(await service.Http.GetStringAsync("/openapi.json"))!;
        var paths = document["paths"]!.AsObject();

        // All endpoints of the service, except those that control it.
        var routes = service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Where(method => method != "HEAD")
                .Select(method => $"{method} {route.RoutePattern.RawText}"))
            .Where(route => !route.Contains("/control/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var documented = paths.SelectMany(path => path.Value!.AsObject().Select(
            operation => $"{operation.Key.ToUpperInvariant()} {path.Key}")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(routes, documented);

        var asked = 0;
        foreach (var (path, operations) in paths)
        {
            var address = path
                .Replace("{model}", "digits", StringComparison.Ordinal)
                .Replace("{version}", "0.0.1", StringComparison.Ordinal);
            foreach (var (method, operation) in operations!.AsObject())
            {
                if (method == "get")
                {
                    using var answer = await service.Http.GetAsync(address);
                    Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
                    if (operation!["responses"]!["200"]!["content"]!["application/json"]?["example"] is { } expected)
                        Assert.Equal(expected.ToJsonString(), JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.ToJsonString());
                    asked++;
                }
                else if (operation!["requestBody"]!["content"]!["application/json"]?["examples"] is JsonObject examples)
                {
                    foreach (var (_, example) in examples)
                    {
                        using var answer = await service.Http.PostAsync(address, new StringContent(
                            example!["value"]!.ToJsonString(),
                            Encoding.UTF8,
                            new MediaTypeHeaderValue("application/json")));
                        Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
                        asked++;
                    }
                }
            }
        }

        Assert.True(asked >= 20);
    }

    [Fact]
    public async Task EveryRoute_AskedWithRandomNonsense_NeverFails()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);
        var paths = JsonNode.Parse(await service.Http.GetStringAsync("/openapi.json"))!["paths"]!.AsObject();
        var random = new Random(5);
        string[] names = ["digits", "0.0.1", "%00", "..", "a b", new('x', 3000), "digits:predict", "%F0%9F%98%80", "-1", ""];
        string[] bodies = ["",
            "{}",
            "[]",
            "null",
            "{\"inputs\":null}",
            "{\"instances\":{}}",
            "{\"inputs\":[{}]}",
            "\"",
            "{\"a\":1,}",
            new('[', 500)];
        for (var i = 0; i < 1500; i++)
        {
            var (path, _) = paths.ElementAt(random.Next(paths.Count));
            var address = path
                .Replace("{model}", names[random.Next(names.Length)], StringComparison.Ordinal)
                .Replace("{version}", names[random.Next(names.Length)], StringComparison.Ordinal);
            using var request = new HttpRequestMessage(
                random.Next(4) switch { 0 => HttpMethod.Get, 1 => HttpMethod.Put, _ => HttpMethod.Post },
                service.Url + address.TrimStart('/'));
            if (request.Method != HttpMethod.Get) request.Content = new StringContent(bodies[random.Next(bodies.Length)]);
            if (random.Next(3) == 0)
                request.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", random.Next(-2, 20).ToString());

            using var answer = await service.Http.SendAsync(request);

            Assert.True((int)answer.StatusCode < 500, $"{request.Method} {address} → {(int)answer.StatusCode}");
            if ((int)answer.StatusCode >= 400 && answer.Content.Headers.ContentLength != 0)
                Assert.IsType<JsonObject>(JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
        }
    }
}
