using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.IO.Hashing;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

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

        // Decoding one of them would take ten gigabytes, and seconds.
        Assert.True((Environment.CpuUsage.TotalTime - before).TotalSeconds < 2);
    }

    [Theory]
    [InlineData("multipart/form-data", "--b\r\n\r\n", "boundary")]
    [InlineData("multipart/form-data; boundary=b", "", "does not begin")]
    [InlineData("multipart/form-data; boundary=b", "preamble\r\n--b--\r\n", "does not begin")]
    [InlineData("multipart/form-data; boundary=b", "--b--\r\n", "no field")]
    [InlineData("multipart/form-data; boundary=b", "--b--\r\nmore", "follows its end")]
    [InlineData("multipart/form-data; boundary=b", "--b\nContent-Disposition: form-data; name=\"images\"\n\nx\n--b--", "line end")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b--\r\n", "no Content-Disposition")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"images\"; filename=\"x\"\r\n\r\nx", "closing boundary")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"images\"; filename=\"x\"\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b--\r\n", "Content-Transfer-Encoding")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: attachment; name=\"images\"\r\n\r\nx\r\n--b--\r\n", "form-data")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"images\"\r\n\r\nx\r\n--b--\r\n", "mind the @")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"images\"; filename=\"x\"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"images\"; filename=\"y\"\r\n\r\ny\r\n--b--\r\n", "more than one")]
    [InlineData("text/plain", "x", "not multipart")]
    public void FindFile_InWhatIsNoForm_SaysWhatIsWrong(string contentType, string body, string words) =>
        Assert.Contains(words, Assert.Throws<RequestRejectedException>(() => MultipartForm.FindFile(contentType, Encoding.UTF8.GetBytes(body), "images")).Message, StringComparison.Ordinal);

    [Fact]
    public void FindFile_AmongOtherFields_FindsExactlyItsBytes()
    {
        byte[] file = [0, 13, 10, 45, 45, 98, 255, 13, 10];
        byte[] body =
        [
            .. "--b b\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nhello\r\n--b b\r\ncontent-type: image/png\r\ncontent-disposition: form-data; name=images; filename*=utf-8''%e2%82%ac.png\r\n\r\n"u8,
            .. file, .. "\r\n--b b--"u8,
        ];

        Assert.Equal(file, body[MultipartForm.FindFile("multipart/form-data; boundary=\"b b\"", body, "images")]);
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
                if (!isRight) Assert.Equal(protocolMember, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject().First().Key);
            }
        }

        foreach (var path in new[] { "/", "/health/live", "/health/ready", "/v2/health/ready" }) Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync(path)).StatusCode);
        Assert.DoesNotContain(service.Services.GetRequiredService<ServiceEvents>().Read(), item => item.Message.Contains(Token, StringComparison.Ordinal) || item.Message.Contains(AppCode, StringComparison.Ordinal));
        Assert.DoesNotContain(Token, $"{new AccessSettings(Token: Token)}", StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ReachableByOthersWithoutASecret_IsRefused()
    {
        Assert.Contains("token", Assert.Throws<ArgumentException>(() => new AccessControl(new AccessSettings("0.0.0.0"))).Message, StringComparison.Ordinal);
        Assert.Contains("16", Assert.Throws<ArgumentException>(() => new AccessControl(new AccessSettings("0.0.0.0", "short"))).Message, StringComparison.Ordinal);
        Assert.True(new AccessControl(new AccessSettings("0.0.0.0", Token)).IsRequired);
        Assert.True(IPAddress.IsLoopback(new AccessControl(null).Address));
    }

    [Fact]
    public async Task Post_MoreThanCanWait_IsAnswered429WithRetryAfter()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);
        var gate = service.Services.GetRequiredService<InferenceLimiter>();
        // All turns are taken: what comes now has to wait.
        var turns = new List<IDisposable>();
        for (var i = 0; i < Environment.ProcessorCount; i++) turns.Add(await gate.EnterAsync(new DefaultHttpContext()));
        service.Http.Timeout = TimeSpan.FromSeconds(60);
        var waiting = Enumerable.Range(0, ServiceLimits.MaxWaiting).Select(i => PostAsync(service, RunningApplication.Png(i % 10))).ToList();
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
        using var room = new LargeBodyLimiter();
        var shares = new List<LargeBodyLimiter.Share>();
        var refused = Assert.Throws<RequestRejectedException>((Action)(() =>
        {
            while (true) shares.Add(room.Take(11 << 20));
        }));
        Assert.Equal((429, ServiceLimits.LargeBodiesMegabytes / 12), (refused.StatusCode, shares.Count));
        using (room.Take(1000)) shares[0].Dispose();
        room.Take(null).Dispose();

        await using var service = await RunningApplication.StartAsync(model.Package);
        using var large = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(new byte[ServiceLimits.MaxBodyBytes + 1]) };
        // Else it would still be sending when the answer has come and the connection is closed.
        large.Headers.ExpectContinue = true;
        using var tooLarge = await service.Http.SendAsync(large);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new MultipartFormDataContent { { new ByteArrayContent(RunningApplication.Png(0)), "images", "digit.png" } } };
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
        Assert.DoesNotMatch("https?://(?!www.w3.org)", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("Server"));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "It did not come to that.");
            await Task.Yield();
        }
    }

    private static Task<HttpResponseMessage> PostAsync(RunningApplication service, byte[] file)
    {
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return service.Http.PostAsync("/", new MultipartFormDataContent { { part, "images", "digit.png" } });
    }

    /// <summary>A PNG whose header, right to the checksum, says 50,000 × 50,000 pixels of 8-bit grey, with a little data.</summary>
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
