using System.Collections.Concurrent;
using MnistLab.Data.Datasets;
using MnistLab.Data.Download;
using MnistLab.Data.Sources;
using MnistLab.Testing;

namespace MnistLab.Data.Tests;

/// <summary>Tests which files a download keeps, shares, and reports.</summary>
public sealed class DatasetDownloadTests : IDisposable
{
    private static readonly GeneratedDataset Dataset = new();

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Get_FromAGoodMirror_PlacesAllFilesAndNothingElse()
    {
        await using var mirror = LoopbackMirror.Of(Dataset);

        var downloaded = await Downloader.GetAsync(Dataset.Description(mirror.Url), _folder.Path, cancellationToken: Cancelled);

        Dataset.AssertPlaced(_folder.Path);
        Assert.Equal(Dataset.Compressed.Keys.Order(), downloaded.DownloadedFiles.Order());
        Assert.Empty(downloaded.Remarks);
        Assert.Equal(
            Dataset.Compressed.Keys.Order(),
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Where(name => !name!.StartsWith('.')).Order());
    }

    [Fact]
    public async Task Get_FromAMirrorWithPlainFiles_TakesThem()
    {
        await using var mirror = new LoopbackMirror(request => request.FileAsync(Dataset.Contents[request.FileName]));

        await Downloader.GetAsync(Dataset.Description(mirror.Url), _folder.Path, cancellationToken: Cancelled);

        Assert.All(Dataset.Contents, content => Assert.Equal(content.Value, File.ReadAllBytes(_folder[content.Key])));
    }

    [Fact]
    public async Task Get_FromAFolder_CopiesIt()
    {
        using var source = new TemporaryFolder();
        foreach (var (name, bytes) in Dataset.Compressed) File.WriteAllBytes(source[name], bytes);

        await Downloader.GetAsync(Dataset.Description(new Uri(source.Path)), _folder.Path, cancellationToken: Cancelled);

        Dataset.AssertPlaced(_folder.Path);
    }

    [Fact]
    public async Task Get_OfSeveralFiles_AsksForAllAtOnce()
    {
        var waiting = 0;
        var all = new TaskCompletionSource();
        await using var mirror = new LoopbackMirror(async request =>
        {
            // No request is answered until all have arrived.
            if (Interlocked.Increment(ref waiting) == Dataset.Compressed.Count) all.SetResult();
            await all.Task;
            await request.FileAsync(Dataset.Compressed[request.FileName]);
        });

        await Downloader.GetAsync(Dataset.Description(mirror.Url), _folder.Path, cancellationToken: Cancelled);

        Dataset.AssertPlaced(_folder.Path);
    }

    [Fact]
    public async Task Get_WhatIsThereAndRight_AsksNobody()
    {
        await using (var mirror = LoopbackMirror.Of(Dataset)) await Downloader.GetAsync(
            Dataset.Description(mirror.Url), _folder.Path, cancellationToken: Cancelled);

        var again = await Downloader.GetAsync(Dataset.Description(LoopbackMirror.Closed()), _folder.Path, cancellationToken: Cancelled);

        Assert.Empty(again.DownloadedFiles);
        Assert.Empty(again.Remarks);
    }

    [Fact]
    public async Task Get_WithoutNotes_VerifiesByContentAndAsksNobody()
    {
        foreach (var (name, bytes) in Dataset.Compressed) File.WriteAllBytes(_folder[name], bytes);

        var found = await Downloader.GetAsync(Dataset.Description(LoopbackMirror.Closed()), _folder.Path, cancellationToken: Cancelled);

        Assert.Empty(found.DownloadedFiles);
    }

    public static TheoryData<string, Action<string>> Damages => new()
    {
        { "holds ", path => Overwrite(path, bytes => bytes[bytes.Length / 2] ^= 0x10) },
        { "holds gzip data that ends too early", path => File.WriteAllBytes(path, File.ReadAllBytes(path)[..1000]) },
        { "holds a web page instead of the file", path => File.WriteAllText(path, "<html></html>") },
        { "holds 0 bytes of content", path => File.WriteAllBytes(path, []) },
        { "holds other content", path => File.WriteAllBytes(path, new GeneratedDataset(2).Compressed[GeneratedDataset.Images]) },
    };

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public async Task Get_WithADamagedFileInTheFolder_SaysSoAndGetsOnlyThatAgain(string saying, Action<string> damage)
    {
        await using var mirror = LoopbackMirror.Of(Dataset);
        await Downloader.GetAsync(Dataset.Description(mirror.Url), _folder.Path, cancellationToken: Cancelled);
        damage(_folder[GeneratedDataset.Images]);

        var repaired = await Downloader.GetAsync(Dataset.Description(mirror.Url), _folder.Path, cancellationToken: Cancelled);

        Dataset.AssertPlaced(_folder.Path);
        Assert.Equal([GeneratedDataset.Images], repaired.DownloadedFiles);
        var remark = Assert.Single(repaired.Remarks);
        Assert.Contains(_folder[GeneratedDataset.Images], remark, StringComparison.Ordinal);
        Assert.Contains(saying, remark, StringComparison.Ordinal);
        Assert.Equal(Dataset.Compressed.Count + 1, mirror.Requests.Count);
    }

    [Fact]
    public async Task Get_FromAMirrorThatCutsTheConnection_TakesTheNext()
    {
        await using var cutting = new LoopbackMirror(request =>
            request.FileAsync(Dataset.Compressed[request.FileName], Dataset.Compressed[request.FileName].Length / 2));
        await using var right = LoopbackMirror.Of(Dataset);

        var downloaded = await Downloader.GetAsync(Dataset.Description(cutting.Url, right.Url), _folder.Path, cancellationToken: Cancelled);

        Dataset.AssertPlaced(_folder.Path);
        Assert.Contains(downloaded.Remarks, remark => remark.Contains("lost the connection during the transfer", StringComparison.Ordinal));
        Assert.Equal(Dataset.Compressed.Count, cutting.Requests.Count);
    }

    [Fact]
    public async Task Get_Cancelled_LeavesCompleteFilesAlone()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        await using var mirror = new LoopbackMirror(async request =>
        {
            if (request.FileName != GeneratedDataset.Images)
            {
                await request.FileAsync(Dataset.Compressed[request.FileName]);
                return;
            }

            await request.FileAsync(Dataset.Compressed[request.FileName], 50_000);
            await cancel.CancelAsync();
            await request.HangAsync();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Downloader.GetAsync(Dataset.Description(mirror.Url), _folder.Path, cancellationToken: cancel.Token));

        Assert.False(File.Exists(_folder[GeneratedDataset.Images]));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.new"));
        var states = await DatasetDownload.VerifyAsync(Dataset.Description(), _folder.Path, Cancelled);
        Assert.All(states.Values, state => Assert.True(state is null or "is missing", state));
    }

    [Fact]
    public async Task Get_AfterAProgramWasKilled_RemovesItsRemains()
    {
        var (remains, others) = (_folder[$"{GeneratedDataset.Images}.{Guid.NewGuid():N}.new"], _folder["notes.new"]);
        File.WriteAllText(remains, "half of a file");
        File.WriteAllText(others, "somebody's own");
        await using var mirror = LoopbackMirror.Of(Dataset);

        await Downloader.GetAsync(Dataset.Description(mirror.Url), _folder.Path, cancellationToken: Cancelled);

        Assert.False(File.Exists(remains));
        Assert.True(File.Exists(others));
    }

    [Fact]
    public async Task Get_ByManyAtOnce_DownloadsOnce()
    {
        await using var mirror = LoopbackMirror.Of(Dataset);

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Downloader.GetAsync(Dataset.Description(mirror.Url), _folder.Path, cancellationToken: Cancelled))));

        Dataset.AssertPlaced(_folder.Path);
        Assert.Equal(Dataset.Compressed.Count, mirror.Requests.Count);
        Assert.Single(all, downloaded => downloaded.DownloadedFiles.Count > 0);
    }

    [Fact]
    public async Task Get_WhileItRuns_ReportsProgressThatNeverFallsAndEndsAtTheTotal()
    {
        var total = Dataset.Compressed.Values.Sum(file => file.Length);
        await using var wrong = new LoopbackMirror(request =>
            request.FileAsync(Dataset.Compressed[request.FileName], Dataset.Compressed[request.FileName].Length / 2));
        await using var right = LoopbackMirror.Of(Dataset);
        var progress = new Reports();

        await Downloader.GetAsync(
            Dataset.Description(wrong.Url, right.Url), _folder.Path, progress: progress, cancellationToken: Cancelled);

        var reports = progress.All.ToArray();
        Assert.True(reports.Length > Dataset.Compressed.Count);
        Assert.Equal(reports.Select(report => report.BytesDone).Order(), reports.Select(report => report.BytesDone));
        Assert.Equal(
            (total, (long?)total, (TimeSpan?)TimeSpan.Zero),
            (reports[^1].BytesDone, reports[^1].BytesTotal, reports[^1].TimeLeft));
        Assert.Contains(reports, report => report is { BytesPerSecond: > 0, TimeLeft: not null });
        Assert.All(reports, report => Assert.True(report.BytesTotal is null || report.BytesTotal >= report.BytesDone));
    }

    [Fact]
    public async Task Get_IntoAPathThatIsAFile_NamesItAndTheNextStep()
    {
        File.WriteAllText(_folder["taken"], "");

        var error = await Assert.ThrowsAsync<DatasetException>(() => Downloader.GetAsync(
            Dataset.Description(LoopbackMirror.Closed()), _folder["taken"], cancellationToken: Cancelled));

        Assert.Contains(_folder["taken"], error.Message, StringComparison.Ordinal);
        Assert.Contains(UserCache.Variable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OfAFolder_TellsOfEachFileAndChangesNothing()
    {
        foreach (var (name, bytes) in Dataset.Compressed) File.WriteAllBytes(_folder[name], bytes);
        File.WriteAllText(_folder[GeneratedDataset.Images], "<html>");
        File.Delete(_folder["test.gz"]);
        var before = Directory.GetFileSystemEntries(_folder.Path);

        var states = await DatasetDownload.VerifyAsync(Dataset.Description(), _folder.Path, Cancelled);

        Assert.Equal(
            ["holds a web page instead of the file", null, "is missing", null],
            states.OrderBy(state => state.Key.Role).Select(state => state.Value));
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Verify_OfTheFullMnist_FindsAllFourHashesRight()
    {
        var folder = Environment.GetEnvironmentVariable(DatasetSource.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{DatasetSource.Variable} is not set.");

        Assert.All((await DatasetDownload.VerifyAsync(DatasetDescription.Mnist, folder!, Cancelled)).Values, Assert.Null);
    }

    [Fact]
    public async Task Get_OfFashionMnistFromDebiansPackage_HasItsPicturesAndNames()
    {
        var packaged = DatasetDescription.FashionMnist.Mirrors[0];
        InstalledProgram.RequireFolder(packaged.LocalPath, "dataset-fashion-mnist");

        await Downloader.GetAsync(DatasetDescription.FashionMnist, _folder.Path, cancellationToken: Cancelled);

        var dataset = MnistDataset.Load(_folder.Path);
        Assert.Equal((60_000, 10_000), (dataset.Train.Count, dataset.Test.Count));
        // The first image is the well-known ankle boot.
        Assert.Equal("Ankle boot", DatasetDescription.FashionMnist.ClassNames[dataset.Train.Label(0)]);
    }

    private static void Overwrite(string path, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(path);
        change(bytes);
        File.WriteAllBytes(path, bytes);
        // Simulates a disk that flips a bit: the length stays the same, so only the write time or the content reveals
        // it.
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
    }

    private sealed class Reports(Action<DownloadProgress>? then = null) : IProgress<DownloadProgress>
    {
        public ConcurrentQueue<DownloadProgress> All { get; } = [];

        public void Report(DownloadProgress value)
        {
            All.Enqueue(value);
            then?.Invoke(value);
        }
    }
}
