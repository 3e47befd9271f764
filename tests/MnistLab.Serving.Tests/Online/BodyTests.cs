using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MnistLab.Serving.Requests;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

/// <summary>Tests how bodies arrive: compressed, and in chunks without a Content-Length.</summary>
[Collection("one after the other")]
public sealed class BodyTests(FastModel model) : IAsyncLifetime
{
    private const string Predict = "/v1/models/digits:predict";
    private const string Infer = "/v2/models/digits/infer";

    private RunningApplication _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningApplication.StartAsync(model.Package);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task Post_ACompressedBody_IsReadInEveryProtocol(string encoding)
    {
        var label = $"{RunningApplication.Label(0)}";

        var form = await PostAsync("/", await FormAsync(RunningApplication.Png(0)), encoding);
        var rows = await PostAsync(
            Predict,
            Json($$"""{"instances":[{"b64":"{{Convert.ToBase64String(RunningApplication.Png(0))}}"}]}"""),
            encoding);
        var pixels = string.Join(",", RunningApplication.Pixels(0));
        var tensor = await PostAsync(
            Infer,
            Json($$"""{"inputs":[{"name":"images","shape":[1,784],"datatype":"FP32","data":[{{pixels}}]}]}"""),
            encoding);

        Assert.Equal((HttpStatusCode.OK, label), (form.Status, $"{form.Json["predicted_label"]}"));
        Assert.Equal((HttpStatusCode.OK, label), (rows.Status, $"{rows.Json["predictions"]![0]!["label"]}"));
        Assert.Equal((HttpStatusCode.OK, label), (tensor.Status, $"{tensor.Json["outputs"]![0]!["data"]![0]}"));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip, deflate")]
    [InlineData("zstd")]
    public async Task Post_AnUnknownEncoding_Is415_AndSaysWhichAreSupported(string encoding)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var response = await _service.Http.PostAsync(Predict, content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("gzip, deflate", string.Join(", ", response.Headers.GetValues("Accept-Encoding")));
        Assert.Contains(
            $"'{encoding}'",
            $"{JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]}",
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "zlib")]
    public async Task Post_ABodyThatItsEncodingCannotDecompress_IsRejectedWithTheReason(string encoding, string format)
    {
        var whole = CompressedRequest(encoding);
        var damaged = whole.ToArray();
        damaged.AsSpan(whole.Length / 2, 64).Fill(0xFF);
        var changed = whole.ToArray();
        changed[^6] ^= 1;

        await AssertRejectedAsync("not compressed at all"u8.ToArray(), $"The body is not in the {format} format");
        // Deflate data without a header, as some clients send it.
        await AssertRejectedAsync(Compress("{}"u8.ToArray(), "raw"), $"The body is not in the {format} format");
        await AssertRejectedAsync(damaged, $"The {format} data of the body is damaged");
        if (encoding == "gzip") await AssertRejectedAsync(changed, "The gzip data of the body is damaged");

        async Task AssertRejectedAsync(byte[] body, string reason)
        {
            var (status, json) = await SendAsync(Predict, body, encoding);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains(reason, $"{json["error"]}", StringComparison.Ordinal);
            Assert.Contains($"'{encoding}'", $"{json["error"]}", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("gzip", Predict)]
    [InlineData("deflate", Predict)]
    [InlineData("gzip", Infer)]
    [InlineData("gzip", "/")]
    public async Task Post_ABodyThatIsCutOff_IsRejectedAsIncomplete(string encoding, string path)
    {
        var whole = CompressedRequest(encoding);

        // None of it, the header, half, all but the checksum, and all but its last byte.
        foreach (var length in new[] { 0, 1, 2, 10, whole.Length / 2, whole.Length - 8, whole.Length - 1 })
        {
            var (status, json) = await SendAsync(path, whole[..length], encoding, new("application/json"));
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("ends before its compressed data does", $"{json}", StringComparison.Ordinal);
            Assert.Contains(FormattableString.Invariant($"after {length} bytes"), $"{json}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Post_AGzipBodyOfSeveralMembers_IsRead()
    {
        var text = RequestText;
        byte[] body =
        [
            .. Compress(Encoding.UTF8.GetBytes(text[..100]), "gzip"),
            .. Compress([], "gzip"),
            .. Compress(Encoding.UTF8.GetBytes(text[100..]), "gzip"),
        ];

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Predict, body, "gzip")).Status);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Post_ABomb_IsRejectedAtTheLimit_AndReleasesItsRoom(string encoding)
    {
        // A gibibyte of zeros, compressed to a megabyte.
        var bomb = Compress(new byte[1 << 20], encoding, times: 1 << 10);
        Assert.True(bomb.Length < 2 << 20);

        foreach (var path in new[] { "/", Predict, Infer })
        {
            var before = Environment.CpuUsage.TotalTime;
            var response = await SendAsync(path, bomb, encoding);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.Status);
            // Decompressing all of it would take seconds.
            Assert.True((Environment.CpuUsage.TotalTime - before).TotalSeconds < 2);
        }

        using var all = _service.Services.GetRequiredService<LargeBodyLimiter>().Acquire(ServiceLimits.LargeBodiesBytes);
    }

    [Fact]
    public async Task Post_ManySmallChunkedBodiesAtOnce_AllHaveRoom()
    {
        const int Count = 40;
        var body = await FormAsync(RunningApplication.Png(0));
        var bytes = await body.ReadAsByteArrayAsync();
        var head = Encoding.ASCII.GetBytes(
            $"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: {body.Headers.ContentType}\r\nTransfer-Encoding: chunked\r\n\r\n");
        var connections = new List<RawHttpConnection>();
        try
        {
            // All bodies start before any of them ends.
            for (var i = 0; i < Count; i++)
            {
                connections.Add(await RawHttpConnection.ConnectAsync(_service.Url));
                await connections[i].SendAsync((byte[])[.. head, .. Chunk(bytes.AsSpan(0, 50))]);
            }

            foreach (var connection in connections) await connection.SendAsync((byte[])[.. Chunk(bytes.AsSpan(50)), .. "0\r\n\r\n"u8]);
            foreach (var connection in connections) Assert.Equal(200, await connection.ReadStatusAsync());
        }
        finally
        {
            foreach (var connection in connections) await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Post_AChunkedBodyThatOutgrowsTheRoom_Is429_AndASmallOneIsNot()
    {
        var limiter = _service.Services.GetRequiredService<LargeBodyLimiter>();
        using (limiter.Acquire(ServiceLimits.LargeBodiesBytes - (1 << 20)))
        {
            Assert.Equal(HttpStatusCode.OK, (await PostChunkedAsync(RunningApplication.Png(0))).StatusCode);
            using var large = await PostChunkedAsync(new byte[3 << 20]);
            Assert.Equal(HttpStatusCode.TooManyRequests, large.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), large.Headers.RetryAfter!.Delta);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await PostChunkedAsync(new byte[3 << 20])).StatusCode);
        using var all = limiter.Acquire(ServiceLimits.LargeBodiesBytes);
    }

    private static byte[] Chunk(ReadOnlySpan<byte> bytes) => [.. Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"), .. bytes, .. "\r\n"u8];

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static string RequestText { get; } =
        $$"""{"instances":[{"b64":"{{Convert.ToBase64String(RunningApplication.Png(0))}}"}]}""";

    private static byte[] CompressedRequest(string encoding) => Compress(Encoding.UTF8.GetBytes(RequestText), encoding);

    private static byte[] Compress(byte[] bytes, string encoding, int times = 1)
    {
        using var target = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "raw" => new DeflateStream(target, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true),
            _ => new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true),
        })
        {
            for (var i = 0; i < times; i++) stream.Write(bytes);
        }

        return target.ToArray();
    }

    private static async Task<ByteArrayContent> FormAsync(byte[] image)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(image), "images", "digit.png" } };
        return new ByteArrayContent(await form.ReadAsByteArrayAsync()) { Headers = { ContentType = form.Headers.ContentType } };
    }

    private async Task<HttpResponseMessage> PostChunkedAsync(byte[] image)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = await FormAsync(image) };
        request.Headers.TransferEncodingChunked = true;
        return await _service.Http.SendAsync(request);
    }

    private async Task<(HttpStatusCode Status, JsonNode Json)> PostAsync(string path, HttpContent content, string encoding)
    {
        var bytes = await content.ReadAsByteArrayAsync();
        return await SendAsync(path, encoding == "identity" ? bytes : Compress(bytes, encoding), encoding, content.Headers.ContentType);
    }

    private async Task<(HttpStatusCode Status, JsonNode Json)> SendAsync(
        string path, byte[] body, string encoding, MediaTypeHeaderValue? type = null)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = type } };
        content.Headers.Add("Content-Encoding", encoding);
        using var response = await _service.Http.PostAsync(path, content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
