using MnistLab.Data.Datasets;
using MnistLab.Data.Download;
using MnistLab.Data.Idx;
using MnistLab.Data.Sources;
using MnistLab.Data.Workspaces;
using MnistLab.Testing;

namespace MnistLab.Data.Tests;

public sealed class DatasetSourceTests : IDisposable
{
    private static readonly string Sample = Workspace.Find().SampleFolder;

    private readonly TemporaryFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Find_WithoutMnistDirOrMirrors_SaysThatItUsesTheSample(string? variable)
    {
        var source = await FindAsync(variable, "none");

        Assert.Equal((Sample, true), (source.Folder, source.IsSample));
        Assert.Contains("MNIST_DIR is not set: using the bundled sample", source.Notice, StringComparison.Ordinal);
        Assert.Contains("MNIST_MIRRORS is none", source.Notice, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_cache.Path));
    }

    [Fact]
    public async Task Find_WithMnistDir_UsesIt()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in MnistFiles.All) File.WriteAllBytes(folder[name], []);

        var source = await FindAsync(folder.Path, "no address, but nobody looks");

        Assert.Equal((folder.Path, false), (source.Folder, source.IsSample));
        Assert.Contains(folder.Path, source.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_MnistDirWithUnzippedFiles_GivesThemUnderTheirUsualNames()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in MnistFiles.All)
        {
            var plain = name.Replace("-idx", ".idx", StringComparison.Ordinal)[..^".gz".Length];
            IdxFile.Write(folder[plain], IdxFile.Read(Path.Combine(Sample, name)));
        }

        var source = await FindAsync(folder.Path, "none");
        var again = await FindAsync(folder.Path, "none");

        Assert.False(source.IsSample);
        Assert.Equal(source.Folder, again.Folder);
        Assert.Contains(folder.Path, source.Notice, StringComparison.Ordinal);
        Assert.All(MnistFiles.All, name => Assert.Equal([0x1f, 0x8b], File.ReadAllBytes(Path.Combine(source.Folder, name))[..2]));
        Assert.Equal(MnistDataset.Load(Sample).Test.Pixels.ToArray(), MnistDataset.Load(source.Folder).Test.Pixels.ToArray());
        Assert.Equal(MnistFiles.All.Count, Directory.GetFiles(folder.Path).Length);

        // The files in the folder are replaced, so the copies of the old ones must not be used again.
        IdxFile.Write(folder["t10k-labels.idx1-ubyte"], new IdxArray(IdxElementType.UInt8, [1], [9]));
        Assert.Single(IdxFile.Read(Path.Combine((await FindAsync(folder.Path, "none")).Folder, MnistFiles.TestLabels)).Data);
    }

    [Fact]
    public async Task Find_MnistDirWithoutFiles_DoesNotFallBackSilently()
    {
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<DatasetException>(() => FindAsync(folder.Path, "none"));

        Assert.StartsWith("MNIST_DIR is set, but", error.Message, StringComparison.Ordinal);
        Assert.Contains(MnistFiles.TrainImages, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_WithMirrorsThatFail_UsesTheSampleAndGivesTheReasonOfEach()
    {
        await using var missing = new LoopbackMirror(request => request.StatusAsync("404 Not Found", "Content-Length: 0"));
        var closed = LoopbackMirror.Closed();

        var source = await FindAsync(null, $"{closed}, {missing.Url.AbsoluteUri.TrimEnd('/')}");

        Assert.True(source.IsSample);
        var lines = source.Notice.Split(Environment.NewLine);
        Assert.StartsWith(
            "MNIST_DIR is not set, and MNIST could not be downloaded: using the bundled sample",
            lines[0],
            StringComparison.Ordinal);
        Assert.Equal([$"  {closed}: refused the connection", $"  {missing.Url}: answered 404 Not Found"], lines[1..3]);
        Assert.All(missing.Requests, request => Assert.Contains(request.FileName, MnistFiles.All));
    }

    [Theory]
    [InlineData("ftp://example.org/", "'ftp://example.org/'")]
    [InlineData("http://127.0.0.1:9/ example", "'example'")]
    [InlineData("none,http://127.0.0.1:9/", "'none'")]
    [InlineData("/data/mnist", "'/data/mnist'")]
    [InlineData("http://127.0.0.1:9/?key=1", "'http://127.0.0.1:9/?key=1'")]
    [InlineData(",", "is empty")]
    public async Task Find_WithAMirrorThatIsNoAddress_NamesIt(string mirrors, string named)
    {
        var error = await Assert.ThrowsAsync<DatasetException>(() => FindAsync(null, mirrors));

        Assert.StartsWith("MNIST_MIRRORS is set, but", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_WithAPasswordInAMirror_RefusesWithoutShowingIt()
    {
        var error = await Assert.ThrowsAsync<DatasetException>(() => FindAsync(null, "http://user:secret@127.0.0.1:9/data/"));

        Assert.Contains("127.0.0.1:9/data/", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString() + error.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_WithTheFullDatasetOnAMirror_DownloadsItOnce()
    {
        var folder = Environment.GetEnvironmentVariable(DatasetSource.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{DatasetSource.Variable} is not set.");

        var first = await FindAsync(null, new Uri(Path.GetFullPath(folder!)).AbsoluteUri);
        var second = await FindAsync(null, LoopbackMirror.Closed().AbsoluteUri);

        Assert.Equal((first.Folder, false, false), (second.Folder, first.IsSample, second.IsSample));
        Assert.Contains("downloaded just now", first.Notice, StringComparison.Ordinal);
        Assert.Contains("downloaded earlier", second.Notice, StringComparison.Ordinal);
        Assert.Equal(60_000, MnistDataset.Load(first.Folder).Train.Count);
    }

    private async Task<DatasetSource> FindAsync(string? mnistFolder, string mirrors)
    {
        using var handler = Downloader.Handler();
        string? Environment(string name) => name switch
        {
            DatasetSource.Variable => mnistFolder,
            DatasetSource.MirrorsVariable => mirrors,
            UserCache.Variable => _cache.Path,
            _ => null,
        };
        return await DatasetSource.FindAsync(Environment, new DatasetDownload(handler, TimeProvider.System, Downloader.Patient), Sample);
    }
}
