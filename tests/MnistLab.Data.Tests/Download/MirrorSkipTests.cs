using System.Globalization;
using System.Text;
using MnistLab.Data.Download;
using MnistLab.Testing;

namespace MnistLab.Data.Tests;

/// <summary>
/// Tests the ways in which a mirror can fail: it is skipped with its reason, and the next one provides the dataset.
/// </summary>
public sealed class MirrorSkipTests
{
    private static readonly GeneratedDataset Dataset = new();
    private static readonly DownloadOptions Hasty = Downloader.Patient with
    {
        StallTimeout = TimeSpan.FromMilliseconds(300),
        MinimumBytesPerSecond = 100_000
    };

    public static TheoryData<string, Func<MirrorRequest, Task>, string> Misbehaviours => new()
    {
        { "not found", request => request.StatusAsync("404 Not Found", "Content-Length: 0"), "answered 404 Not Found" },
        { "busy", request => request.StatusAsync("503 Service Unavailable", "Content-Length: 0"), "answered 503 Service Unavailable" },
        { "web page", request => request.OkAsync(
            "<!DOCTYPE html><html>Log in to the network</html>"u8.ToArray()), "sent a web page instead of the file" },
        { "web page after blanks", request => request.OkAsync("\uFEFF\r\n  <html>"u8.ToArray()), "sent a web page instead of the file" },
        { "empty", request => request.OkAsync([]), "sent 0 bytes of content" },
        { "plain text", request => request.OkAsync("moved"u8.ToArray()), "sent 5 bytes of content" },
        { "content that is too long", request => request.OkAsync([.. Dataset.Contents[request.FileName], 0]), "sent more than the" },
        { "another dataset", request => request.OkAsync(
            new GeneratedDataset(2).Compressed[request.FileName]), "sent other content: its SHA-256 is" },
        { "half a file", request => request.OkAsync(Dataset.Compressed[request.FileName][..^20]), "sent " },
        { "damaged gzip", request => request.OkAsync(Damaged(Dataset.Compressed[request.FileName])), "sent " },
        { "redirect loop", request => request.StatusAsync(
            "302 Found", "Location: /data/" + request.FileName, "Content-Length: 0"), "redirects more than 5 times" },
        { "redirect to nowhere", request => request.StatusAsync(
            "301 Moved Permanently", "Content-Length: 0"), "redirects, but does not give the new address" },
        { "redirect to a file", request => request.StatusAsync(
            "301 Moved Permanently",
            "Location: file:///etc/passwd",
            "Content-Length: 0"), "redirects to file:///etc/passwd, which is not a web address" },
        { "too long by announcement", request => request.StatusAsync(
            "200 OK", "Content-Length: 99999999"), "announced 99999999 bytes, more than this file can have" },
        { "endless gzip", EndlessAsync, "sent more than " },
        { "no answer but an end", _ => Task.CompletedTask, "closed the connection before it responded" },
        { "a range that nobody asked for", request => request.StatusAsync(
            "206 Partial Content",
            "Content-Range: bytes 0-1/2",
            "Content-Length: 2"), "responded with a part of the file (bytes 0-1/2)" },
        { "no HTTP", request => request.SendAsync("220 mail.example.org ESMTP\r\n"), "cannot be requested: " },
    };

    [Theory]
    [MemberData(nameof(Misbehaviours), DisableDiscoveryEnumeration = true)]
    public async Task Get_FromAMirrorThatMisbehaves_TakesTheNextAndTellsWhy(string name, Func<MirrorRequest, Task> answer, string reason)
    {
        Assert.NotEmpty(name);
        await using var wrong = new LoopbackMirror(answer);
        await AssertSkippedAsync(wrong.Url, reason, Downloader.Patient);
    }

    [Fact]
    public async Task Get_FromAMirrorThatIsNotThere_TakesTheNext() =>
        await AssertSkippedAsync(LoopbackMirror.Closed(), "refused the connection", Downloader.Patient);

    [Fact]
    public async Task Get_FromAFolderWithoutTheFiles_TakesTheNext()
    {
        using var empty = new TemporaryFolder();
        await AssertSkippedAsync(new Uri(empty.Path), "has no such file", Downloader.Patient);
    }

    [Fact]
    public async Task Get_FromANameThatDoesNotExist_TakesTheNext()
    {
        using var folder = new TemporaryFolder();
        await using var right = LoopbackMirror.Of(Dataset);
        using var http = Downloader.Handler();
        using var handler = new NamelessHandler("mirror.invalid", http);

        var downloaded = await new DatasetDownload(handler, TimeProvider.System, Downloader.Patient).GetAsync(
            Dataset.Description(new Uri("http://mirror.invalid/"), right.Url), folder.Path);

        Dataset.AssertPlaced(folder.Path);
        Assert.Equal(
            "A mirror was skipped. http://mirror.invalid/: cannot be found: its host name does not resolve (is the network connected?).",
            Assert.Single(downloaded.Remarks));
    }

    [Fact]
    public async Task Get_FromAMirrorThatNeverAnswers_GivesUpAfterItsShareOfTheLimit()
    {
        await using var hole = new LoopbackMirror(request => request.HangAsync());
        await AssertSkippedAsync(
            hole.Url,
            "did not respond within 2.5 seconds",
            Downloader.Patient with { ResponseTimeout = TimeSpan.FromSeconds(5) });
    }

    [Fact]
    public async Task Get_FromAMirrorThatStallsInTheMiddle_TakesTheNext()
    {
        await using var stalled = new LoopbackMirror(async request =>
        {
            var file = Dataset.Compressed[request.FileName];
            await request.StatusAsync("200 OK", $"Content-Length: {file.Length}");
            await request.SendAsync(file.AsMemory(0, file.Length / 2));
            await request.HangAsync();
        });
        await AssertSkippedAsync(stalled.Url, "stalled: ", Hasty);
    }

    [Fact]
    public async Task Get_FromAMirrorThatTrickles_TakesTheNext()
    {
        await using var slow = new LoopbackMirror(async request =>
        {
            var file = Dataset.Compressed[request.FileName];
            await request.StatusAsync("200 OK", $"Content-Length: {file.Length}");
            for (var i = 0; i < file.Length; i++)
            {
                await request.SendAsync(file.AsMemory(i, 1));
                await request.PauseAsync(TimeSpan.FromMilliseconds(20));
            }
        });
        await AssertSkippedAsync(slow.Url, "stalled: ", Hasty);
    }

    [Fact]
    public async Task Get_FromAMirrorWithAnUntrustedCertificate_TakesTheNext()
    {
        await using var secure = new LoopbackMirror(request => request.FileAsync(Dataset.Compressed[request.FileName]), isSecure: true);
        await AssertSkippedAsync(secure.Url, "does not offer a trusted secure connection", Downloader.Patient);
        Assert.Empty(secure.Requests);
    }

    [Fact]
    public async Task Get_RedirectedFromHttpsToHttp_DoesNotFollow()
    {
        using var folder = new TemporaryFolder();
        await using var plain = LoopbackMirror.Of(Dataset);
        await using var secure = new LoopbackMirror(request => request.StatusAsync(
            "302 Found", $"Location: {plain.Url}{request.FileName}", "Content-Length: 0"), isSecure: true);
        using var handler = Downloader.Handler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;

        var error = await Assert.ThrowsAsync<DatasetDownloadException>(() => new DatasetDownload(
            handler, TimeProvider.System, Downloader.Patient).GetAsync(Dataset.Description(secure.Url), folder.Path));

        Assert.All(error.Failures, failure => Assert.StartsWith("redirects from https to http", failure.Reason, StringComparison.Ordinal));
        Assert.Empty(plain.Requests);
    }

    [Fact]
    public async Task Get_RedirectedAFewTimes_Follows()
    {
        using var folder = new TemporaryFolder();
        await using var right = LoopbackMirror.Of(Dataset);
        await using var redirecting = new LoopbackMirror(request =>
        {
            var hops = request.Target.Count(letter => letter == '~');
            return request.StatusAsync(
                "307 Temporary Redirect",
                $"Location: {(hops < 4 ? $"/data/{new string('~', hops + 1)}/{request.FileName}" : right.Url + request.FileName)}",
                "Content-Length: 0");
        });

        await Downloader.GetAsync(Dataset.Description(redirecting.Url), folder.Path);

        Dataset.AssertPlaced(folder.Path);
        Assert.Equal(5 * 4, redirecting.Requests.Count);
    }

    [Fact]
    public async Task Get_WhenEveryMirrorFails_ListsEachWithItsReason()
    {
        using var folder = new TemporaryFolder();
        await using var missing = new LoopbackMirror(request => request.StatusAsync("404 Not Found", "Content-Length: 0"));
        await using var page = new LoopbackMirror(request => request.FileName == GeneratedDataset.Images
            ? request.OkAsync("<html>"u8.ToArray())
            : request.StatusAsync("403 Forbidden", "Content-Length: 0"));
        var closed = LoopbackMirror.Closed();

        var error = await Assert.ThrowsAsync<DatasetDownloadException>(
            () => Downloader.GetAsync(Dataset.Description(missing.Url, page.Url, closed), folder.Path));

        Assert.Equal(3 * 4, error.Failures.Count);
        Assert.Equal([missing.Url, page.Url, closed], error.Failures.Select(failure => failure.Mirror).Distinct());
        var lines = error.Message.Split(Environment.NewLine);
        Assert.Contains($"  {missing.Url}: answered 404 Not Found", lines);
        Assert.Contains($"  {page.Url}{GeneratedDataset.Images}: sent a web page instead of the file", lines);
        Assert.Contains($"  {page.Url}test-labels.gz: answered 403 Forbidden", lines);
        Assert.Contains($"  {closed}: refused the connection", lines);
        Assert.Contains("try again", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.GetFiles(folder.Path),
            file => file.EndsWith(".gz", StringComparison.Ordinal) || file.EndsWith(".new", StringComparison.Ordinal));
    }

    private static async Task AssertSkippedAsync(Uri wrong, string reason, DownloadOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var right = LoopbackMirror.Of(Dataset);

        var downloaded = await Downloader.GetAsync(Dataset.Description(wrong, right.Url), folder.Path, options);

        Dataset.AssertPlaced(folder.Path);
        Assert.All(downloaded.Remarks, remark => Assert.Contains(wrong.AbsoluteUri.TrimEnd('/'), remark, StringComparison.Ordinal));
        Assert.Contains(reason, string.Join('\n', downloaded.Remarks), StringComparison.Ordinal);
        Assert.True(downloaded.Remarks.Count is 1 or 4, string.Join('\n', downloaded.Remarks));
    }

    private static byte[] Damaged(byte[] file)
    {
        var damaged = file.ToArray();
        var middle = damaged.AsSpan(damaged.Length / 2, damaged.Length / 4);
        for (var i = 0; i < middle.Length; i++) middle[i] ^= 0x5a;
        return damaged;
    }

    // Gzip data that never ends: empty stored blocks, one after the other (RFC 1951, 3.2.4).
    private static async Task EndlessAsync(MirrorRequest request)
    {
        await request.StatusAsync("200 OK", "Transfer-Encoding: chunked");
        await SendChunkAsync(request, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
        var blocks = Enumerable.Repeat<byte[]>([0, 0, 0, 0xff, 0xff], 1000).SelectMany(block => block).ToArray();
        while (true) await SendChunkAsync(request, blocks);
    }

    private static Task SendChunkAsync(MirrorRequest request, byte[] bytes)
    {
        byte[] chunk = [.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture)),
            .. "\r\n"u8,
            .. bytes,
            .. "\r\n"u8];
        return request.SendAsync(chunk);
    }

    /// <summary>Simulates a host name that does not resolve, without using the network.</summary>
    private sealed class NamelessHandler(string name, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => request.RequestUri!.Host == name
            ? throw new HttpRequestException(HttpRequestError.NameResolutionError)
            : base.SendAsync(request, cancellationToken);
    }
}
