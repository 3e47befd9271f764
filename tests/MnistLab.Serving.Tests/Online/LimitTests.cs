using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.IO.Hashing;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class LimitTests(FastModel model)
{
    private const string Token = "a-token-of-the-test-0123";
    private const string AppCode = "an-app-code-of-the-test-4567";

    [Fact]
    public async Task Post_APngThatSaysItIsHuge_IsRefusedAtOnce()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);
        var bomb = HugePng();
        await PostAsync(service, bomb);
        var before = Environment.CpuUsage.TotalTime;

        for (var i = 0; i < 50; i++)
        {
            using var answer = await PostAsync(service, bomb);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("50000 × 50000", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // Decoding one of them would take ten gigabytes of memory and several seconds.
        Assert.True((Environment.CpuUsage.TotalTime - before).TotalSeconds < 2);
    }

    [Fact]
    public async Task Post_WithoutTheSecret_IsRefused_AndNoSecretIsLogged()
    {
        await using var service = await RunningApplication.StartAsync(model.Package, new AccessSettings(Token: Token, AppCode: AppCode));

        foreach (var (name, value, isRight) in new[] { ("X-None", "", false), ("X-Auth-Token", "wrong", false), ("X-Auth-Token", AppCode, false), ("X-Auth-Token", Token, true), ("X-Apig-AppCode", AppCode, true), ("Authorization", $"Bearer {Token}", true), ("Authorization", $"Basic {Token}", false) })
        {
            foreach (var (method, path, protocolMember) in new[] { ("POST", "/", "error_code"), ("GET", "/service", "error_code"), ("GET", "/metrics", "error_code"), ("GET", "/v1/models/digits", "error"), ("POST", "/v2/models/digits/infer", "error") })
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                request.Headers.TryAddWithoutValidation(name, value);
                using var answer = await service.Http.SendAsync(request);
                Assert.Equal(isRight, answer.StatusCode != HttpStatusCode.Unauthorized);
                if (!isRight)
                    Assert.Equal(protocolMember, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject().First().Key);
            }
        }

        foreach (var path in new[] { "/", "/health/live", "/health/ready", "/v2/health/ready" })
            Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync(path)).StatusCode);
        Assert.DoesNotContain(
            service.Services.GetRequiredService<ServiceEvents>().Read(),
            item => item.Message.Contains(Token, StringComparison.Ordinal) || item.Message.Contains(AppCode, StringComparison.Ordinal));
        Assert.DoesNotContain(Token, $"{new AccessSettings(Token: Token)}", StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ReachableByOthersWithoutASecret_IsRefused()
    {
        Assert.Contains(
            "token",
            Assert.Throws<ArgumentException>(() => new AccessControl(new AccessSettings("0.0.0.0"))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "16",
            Assert.Throws<ArgumentException>(() => new AccessControl(new AccessSettings("0.0.0.0", "short"))).Message,
            StringComparison.Ordinal);
        Assert.True(new AccessControl(new AccessSettings("0.0.0.0", Token)).IsRequired);
        Assert.True(IPAddress.IsLoopback(new AccessControl(null).Address));
    }

    [Fact]
    public async Task Post_MoreThanCanWait_IsAnswered429WithRetryAfter()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);
        var gate = service.Services.GetRequiredService<InferenceLimiter>();
        // All permits are taken, so further requests have to wait.
        var turns = new List<IDisposable>();
        for (var i = 0; i < Environment.ProcessorCount; i++) turns.Add(await gate.EnterAsync(CancellationToken.None));
        service.Http.Timeout = TimeSpan.FromSeconds(60);
        var waiting = Enumerable
            .Range(0, ServiceLimits.MaxWaiting)
            .Select(i => PostAsync(service, RunningApplication.Png(i % 10)))
            .ToList();
        await UntilAsync(() => gate.Waiting == ServiceLimits.MaxWaiting);

        using (var refused = await PostAsync(service, RunningApplication.Png(0)))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
            Assert.Contains(PredictionErrorCode.Overloaded, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        foreach (var turn in turns) turn.Dispose();
        foreach (var answer in await Task.WhenAll(waiting)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Post_LargeBodies_ShareTheirRoom()
    {
        var limiter = new LargeBodyLimiter();
        var leases = new List<LargeBodyLimiter.Lease>();
        var refused = Assert.Throws<RequestRejectedException>((Action)(() =>
        {
            while (true) leases.Add(limiter.Acquire(11 << 20));
        }));
        Assert.Equal((429, 8), (refused.StatusCode, leases.Count));
        using (limiter.Acquire(1000)) leases[0].Dispose();
        limiter.Acquire(11 << 20).Dispose();
        // Releasing twice has the same effect as releasing once.
        leases[0].Dispose();
        using var last = limiter.Acquire(11 << 20);
        Assert.Throws<RequestRejectedException>(() => limiter.Acquire(11 << 20));

        await using var service = await RunningApplication.StartAsync(model.Package);
        using var large = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new ByteArrayContent(new byte[ServiceLimits.MaxBodyBytes + 1])
        };
        // Otherwise, it would still be sending when the response has arrived and the connection is closed.
        large.Headers.ExpectContinue = true;
        using var tooLarge = await service.Http.SendAsync(large);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new MultipartFormDataContent
        {
            { new ByteArrayContent(RunningApplication.Png(0)), "images", "digit.png" }
        }
        };
        chunked.Headers.TransferEncodingChunked = true;
        using var answer = await service.Http.SendAsync(chunked);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Get_Page_HasTheHeadersThatKeepItToItself()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept", "text/html" } } };

        using var answer = await service.Http.SendAsync(request);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("https?://(?!www.w3.org)", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("Server"));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience.Limit, "It did not come to that.");
            await Task.Yield();
        }
    }

    private static Task<HttpResponseMessage> PostAsync(RunningApplication service, byte[] file)
    {
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return service.Http.PostAsync("/", new MultipartFormDataContent { { part, "images", "digit.png" } });
    }

    /// <summary>
    /// A PNG whose header, including the checksum, declares 50,000 × 50,000 pixels of 8-bit gray, with little data.
    /// </summary>
    private static byte[] HugePng()
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, 50_000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 50_000);
        header[8] = 8;
        Chunk("IHDR"u8, header);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true)) zlib.Write(new byte[50_001 * 20]);
        Chunk("IDAT"u8, data.ToArray());
        Chunk("IEND"u8, []);
        return file.ToArray();

        void Chunk(ReadOnlySpan<byte> type, byte[] content)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
            file.Write(number);
            byte[] named = [.. type, .. content];
            file.Write(named);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(named));
            file.Write(number);
        }
    }
}
