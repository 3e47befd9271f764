using System.Net;
using Microsoft.Playwright;
using MnistLab.Data.Idx;
using MnistLab.Storage;
using MnistLab.Storage.Folders;

namespace MnistLab.Studio.Tests.Console;

public sealed class ObjectsPageTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private const int Side = 28;

    [Fact]
    public async Task Objects_AreUploaded_Downloaded_AndDeletedAfterConfirmation()
    {
        byte[] content = [1, 2, 3, 0, 255];
        var page = await console.OpenAsync("/console/objects");
        await page.FillAsync("form input", "round-trip");
        await page.ClickAsync("form button");
        await page.Locator("[data-upload]").WaitForAsync();

        // Names as people choose them, each of which must arrive unchanged.
        string[] names = ["digits.bin", "50% + a#b?.txt", "数字 1.bin"];
        await page.SetInputFilesAsync("input[type=file]", names.Select(name => new FilePayload
        {
            Name = name,
            MimeType = "application/octet-stream",
            Buffer = content,
        }));
        await page.Locator(".upload[data-status='Completed']").Nth(2).WaitForAsync();
        foreach (var name in names) await page.Locator(".objects a", new() { HasTextString = name }).WaitForAsync();

        var saving = page.WaitForDownloadAsync();
        await page.Locator(".objects tr", new() { HasTextString = names[1] }).Locator("a[download]").ClickAsync();
        var download = await saving;
        Assert.Equal(content, await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken));

        var row = page.Locator(".objects tr", new() { HasTextString = names[0] });
        await row.Locator("button.danger").ClickAsync();
        await row.Locator("button.quiet").ClickAsync();
        Assert.True(await row.IsVisibleAsync());
        await row.Locator("button.danger").ClickAsync();
        await row.Locator("[data-confirm]").ClickAsync();
        await row.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.False(File.Exists(console.Studio.File($"artifacts/obs/round-trip/{names[0]}")));
        await ConsoleFixture.ScreenshotsAsync(page, "console-objects");
        Assert.Empty(console.Browser.Errors);
    }

    [Fact]
    public async Task Folder_IsOpened_FilledByDropping_AndDeletedWithItsObjects()
    {
        CreateBucket("folders");
        var page = await console.OpenAsync("/console/objects/folders/");
        await page.GetByLabel("Folder to open").FillAsync("a/b");
        await page.GetByText("Open folder").ClickAsync();
        await page.Locator(".path [aria-current]", new() { HasTextString = "b" }).WaitForAsync();
        Assert.EndsWith("/console/objects/folders/a/b/", page.Url, StringComparison.Ordinal);

        await page.EvaluateAsync("""
            () => {
              const transfer = new DataTransfer();
              transfer.items.add(new File(["dropped"], "drop.txt"));
              document.querySelector("[data-upload]").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
            }
            """);
        await page.Locator(".objects a", new() { HasTextString = "drop.txt" }).WaitForAsync();
        await page.ClickAsync(".path a >> text=folders");
        await page.ClickAsync(".objects button.danger");
        await page.ClickAsync(".objects [data-confirm]");

        await page.Locator(".notice.success", new() { HasTextString = "1 objects" }).WaitForAsync();
        Assert.False(File.Exists(console.Studio.File("artifacts/obs/folders/a/b/drop.txt")));
    }

    [Fact]
    public async Task Folder_OfManyObjects_IsShownPageByPage()
    {
        const int Count = 650;
        var folder = CreateBucket("many");
        for (var i = 0; i < Count; i++)
            await File.WriteAllTextAsync(Path.Combine(folder, $"{i:D4}.txt"), "", TestContext.Current.CancellationToken);
        var page = await console.OpenAsync("/console/objects/many/");

        foreach (var shown in new[] { 200, 400, 600, Count })
        {
            await Assertions.Expect(page.Locator(".objects tbody tr")).ToHaveCountAsync(shown);
            if (shown < Count) await page.ClickAsync("text=Show more");
        }

        Assert.Equal(
            Enumerable.Range(0, Count).Select(i => $"{i:D4}.txt"),
            await page.Locator(".objects tbody tr td:first-child").AllInnerTextsAsync());
        await Assertions.Expect(page.Locator("text=Show more")).ToHaveCountAsync(0);
        Assert.Empty(console.Browser.Errors);
    }

    [Theory]
    [InlineData("t10k-images-idx3-ubyte")]
    [InlineData("t10k-images-idx3-ubyte.gz")]
    public async Task IdxFile_IsShownAsDigitsWithTheirLabels(string name)
    {
        var bucket = ObjectUrl.Parse($"s3://idx{name.Length}/");
        CreateBucket(bucket.Bucket);
        await WriteDigitsAsync(bucket, name);
        var page = await console.OpenAsync($"/console/objects/{bucket.Bucket}/{name}");

        await page.Locator(".digits figure").Nth(59).WaitForAsync();
        Assert.Equal("100 × 28 × 28", (await page.Locator("p", new() { HasTextString = "IDX file" }).InnerTextAsync()).Split(", ")[^1]);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i % 10}"), await page.Locator(".digits figcaption").AllInnerTextsAsync());
        Assert.Equal(Side, await page.Locator(".digits img").First.EvaluateAsync<int>(
            "async image => { await image.decode(); return image.naturalWidth; }"));
        await ConsoleFixture.ScreenshotsAsync(page, "console-idx");

        await page.ClickAsync("text=Next");
        await page.Locator("text=Images 60–99 of 100").WaitForAsync();
        Assert.Equal("0", await page.Locator(".digits figcaption").First.InnerTextAsync());
        Assert.Empty(console.Browser.Errors);
    }

    [Fact]
    public async Task Object_NamedAsAnIdxFile_ShowsTheLibrarysError_AndCanStillBeDownloaded()
    {
        var folder = CreateBucket("damaged");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "train-images-idx3-ubyte.gz"),
            "<html>Not found</html>",
            TestContext.Current.CancellationToken);
        var page = await console.OpenAsync("/console/objects/damaged/train-images-idx3-ubyte.gz");

        var error = await page.Locator(".notice.error").InnerTextAsync();

        Assert.Contains("a web page was saved instead of the file", error, StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("a[download]")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData("/console/objects/missing-bucket/", "There is no bucket 'missing-bucket'")]
    [InlineData("/console/objects/text-bucket/missing.txt", "There is no object s3://text-bucket/missing.txt")]
    [InlineData("/console/objects/Not_A_Bucket/", "is not a valid bucket name")]
    public async Task Address_OfNothing_ShowsTheLibrarysError(string address, string expected)
    {
        CreateBucket("text-bucket");
        var page = await console.OpenAsync(address);

        Assert.Contains(expected, await page.Locator(".notice.error").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Html_OfAnObject_IsShownAsText_AndDownloadedWithoutRunning()
    {
        const string Html = "<script>document.title = 'ran'</script><h1>Not a page</h1>";
        var folder = CreateBucket("pages");
        await File.WriteAllTextAsync(Path.Combine(folder, "page.html"), Html, TestContext.Current.CancellationToken);
        var page = await console.OpenAsync("/console/objects/pages/page.html");
        Assert.Equal(Html, await page.Locator("pre.preview").InnerTextAsync());

        using var client = await console.Studio.EnterAsync();
        using var response = await client.GetAsync("/console/download/pages/page.html", TestContext.Current.CancellationToken);

        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("sandbox", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    // An escaped slash stays unchanged: "..%2F" is unusual in a key, but valid.
    [InlineData("pages/..%2F..%2F..%2Fsecret", true)]
    [InlineData("..%2F..%2Fsecret", false)]
    [InlineData("pages/..%5C..%5Csecret", false)]
    [InlineData("pages/a/%2E%2E/%2E%2E/%2E%2E/secret", false)]
    [InlineData("pages//secret", false)]
    [InlineData("pages/%00secret", false)]
    public async Task Content_OutsideTheStore_IsNeitherReadNorWritten(string path, bool isName)
    {
        CreateBucket("pages");
        var secret = console.Studio.File("secret");
        await File.WriteAllTextAsync(secret, "secret", TestContext.Current.CancellationToken);
        using var client = await console.Studio.EnterAsync();
        client.DefaultRequestHeaders.Add("Origin", console.Studio.Application.Root.GetLeftPart(UriPartial.Authority));

        using var read = await client.GetAsync($"/console/download/{path}", TestContext.Current.CancellationToken);
        using var written = await client.PostAsync(
            $"/console/upload/{path}", new StringContent("changed"), TestContext.Current.CancellationToken);

        Assert.False(read.IsSuccessStatusCode);
        Assert.Equal(isName, written.IsSuccessStatusCode);
        Assert.Equal("secret", await File.ReadAllTextAsync(secret, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("POST", "/console/upload/pages/a.txt", null, HttpStatusCode.Forbidden)]
    [InlineData("POST", "/console/upload/pages/a.txt", "http://attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/console/upload/pages/a.txt", "null", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/console/download/pages/page.html", "http://attacker.example", HttpStatusCode.Forbidden)]
    public async Task Endpoint_ForAnotherOrigin_IsRejected(string method, string path, string? origin, HttpStatusCode expected)
    {
        CreateBucket("pages");
        using var client = await console.Studio.EnterAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "POST" ? new StringContent("x") : null
        };
        if (origin is not null) request.Headers.Add("Origin", origin);

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
        Assert.False(File.Exists(console.Studio.File("artifacts/obs/pages/a.txt")));
    }

    [Theory]
    [InlineData("POST", "/console/upload/pages/a.txt")]
    [InlineData("GET", "/console/download/pages/page.html")]
    public async Task Endpoint_WithoutTheCookie_IsRejected(string method, string path)
    {
        CreateBucket("pages");
        using var client = console.Studio.Stranger();
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "POST" ? new StringContent("x") : null
        };
        request.Headers.Add("Origin", console.Studio.Application.Root.GetLeftPart(UriPartial.Authority));

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(File.Exists(console.Studio.File("artifacts/obs/pages/a.txt")));
    }

    [Fact]
    public async Task Upload_ThatIsCanceled_LeavesNothing()
    {
        var folder = CreateBucket("canceled");
        var page = await console.OpenAsync("/console/objects/canceled/");
        using var client = await console.Studio.EnterAsync();
        client.DefaultRequestHeaders.Add("Origin", console.Studio.Application.Root.GetLeftPart(UriPartial.Authority));
        using var endless = new EndlessContent();
        var sending = client.PostAsync("/console/upload/canceled/large.bin", endless, TestContext.Current.CancellationToken);

        await page.ClickAsync(".upload[data-status='Running'] button");
        await page.Locator(".upload[data-status='Canceled']").WaitForAsync();
        endless.Stop();
        try
        {
            using var response = await sending;
            Assert.False(response.IsSuccessStatusCode);
        }
        catch (HttpRequestException)
        {
            // The server has closed the connection because the client no longer reads from it.
        }

        Assert.Empty(Directory.GetFiles(folder));
        Assert.Empty(Directory.GetFiles(console.Studio.File("artifacts/obs/.incoming")));
    }

    private string CreateBucket(string name) => Directory.CreateDirectory(console.Studio.File($"artifacts/obs/{name}")).FullName;

    private async Task WriteDigitsAsync(ObjectUrl bucket, string name)
    {
        const int Count = 100;
        var store = new FolderObjectStore(console.Studio.File("artifacts/obs"));
        var images = new IdxArray(
            IdxElementType.UInt8,
            [Count, Side, Side],
            [.. Enumerable.Range(0, Count * Side * Side).Select(i => (byte)i)]);
        var labels = new IdxArray(IdxElementType.UInt8, [Count], [.. Enumerable.Range(0, Count).Select(i => (byte)(i % 10))]);
        foreach (var (file, array) in new[] { (name, images), (name.Replace(
            "images-idx3", "labels-idx1", StringComparison.Ordinal), labels) })
        {
            IdxFile.Write(console.Studio.File(file), array);
            await store.PutFileAsync(bucket / file, console.Studio.File(file), null, TestContext.Current.CancellationToken);
        }
    }
}
