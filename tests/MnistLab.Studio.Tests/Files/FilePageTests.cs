using System.Net;
using MnistLab.Studio.Tests.Notebooks;

namespace MnistLab.Studio.Tests.Files;

public sealed class FilePageTests
{
    [Fact]
    public async Task Files_AreListed_AndANewNotebookIsCreated()
    {
        await using var studio = await RunningStudio.StartAsync(
            folder => NotebookFiles.Write(Path.Combine(folder, "deep", "a.ipynb"), "1"));
        await using var browser = await StudioBrowser.StartAsync(studio);
        var page = await browser.OpenAsync("/files");
        await page.ClickAsync(".files a >> text=deep/");
        await page.Locator(".files a >> text=a.ipynb").WaitForAsync();
        await page.FillAsync(".panel input", "mine");
        await page.ClickAsync(".panel button");

        await StudioBrowser.ArriveAsync(page, "/notebook/deep/mine.ipynb");
        await StudioBrowser.ReadyAsync(page);
        Assert.True(File.Exists(studio.File("deep/mine.ipynb")));
    }

    [Theory]
    [InlineData("/file/..%2F..%2Fetc%2Fpasswd", HttpStatusCode.NotFound)]
    [InlineData("/file/%2Fetc%2Fpasswd", HttpStatusCode.NotFound)]
    [InlineData("/file/link", HttpStatusCode.Forbidden)]
    [InlineData("/file/artifacts/studio/key", HttpStatusCode.NotFound)]
    [InlineData("/file/nothing", HttpStatusCode.NotFound)]
    [InlineData("/file/a.ipynb", HttpStatusCode.OK)]
    public async Task File_OutsideTheWorkspace_IsNotRead(string path, HttpStatusCode expected)
    {
        await using var studio = await RunningStudio.StartAsync(folder =>
        {
            NotebookFiles.Write(Path.Combine(folder, "a.ipynb"), "1");
            if (!OperatingSystem.IsWindows()) File.CreateSymbolicLink(Path.Combine(folder, "link"), "/etc/passwd");
        });
        using var client = await studio.EnterAsync();

        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("a.txt")]
    [InlineData("missing.ipynb")]
    public async Task Notebook_ThatIsNone_IsNotOpened(string path)
    {
        await using var studio = await RunningStudio.StartAsync();
        using var client = await studio.EnterAsync();

        var page = await client.GetStringAsync($"/notebook/{path}", TestContext.Current.CancellationToken);

        Assert.Contains("This notebook cannot be opened", page, StringComparison.Ordinal);
    }
}
