using System.Security.Cryptography;
using System.Text;
using MnistLab.Testing;

namespace MnistLab.Storage.Tests;

/// <summary>Defines the behavior of every object store.</summary>
public abstract partial class ObjectStoreContract
{
    protected abstract IObjectStore Store { get; }

    /// <summary>Gets whether keys may differ only in case.</summary>
    protected virtual bool DistinguishesCase => true;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(20 << 20)]
    [InlineData(32 << 20)]
    [InlineData((32 << 20) + 1)]
    [InlineData(44 << 20)]
    public async Task Put_AnyLength_IsReadBackTheSame(int length)
    {
        var bucket = await BucketAsync();
        var content = RandomNumberGenerator.GetBytes(length);
        var progress = new List<TransferProgress>();

        var put = await Store.PutAsync(bucket / "folder/a.bin", new MemoryStream(content), progress: new Collect(progress));
        var unknown = await Store.PutAsync(bucket / "folder/b.bin", new OneWay(content));

        Assert.Equal((length, length), (put.Length, unknown.Length));
        Assert.Equal(content, await ReadAsync(bucket / "folder/a.bin"));
        Assert.Equal(content, await ReadAsync(bucket / "folder/b.bin"));
        Assert.Equal(length, progress[^1].BytesDone);
        Assert.Equal(progress.Select(report => report.BytesDone).Order(), progress.Select(report => report.BytesDone));
        Assert.Equal(length, (await Store.HeadAsync(put.Url))!.Length);
    }

    [Fact]
    public async Task ListBuckets_AfterCreation_HasThemInOrder()
    {
        var (first, second) = ($"a-{Guid.NewGuid():N}", $"b.{Guid.NewGuid():N}");
        await Store.CreateBucketAsync(second);
        await Store.CreateBucketAsync(first);

        var buckets = await Store.ListBucketsAsync().ToListAsync();

        Assert.Equal([first, second], buckets.Where(name => name == first || name == second));
        Assert.Equal(buckets.Order(StringComparer.Ordinal), buckets);
    }

    [Fact]
    public async Task Get_Range_GivesThatPart()
    {
        var bucket = await BucketAsync();
        await Store.PutTextAsync(bucket / "x.txt", "0123456789");

        async Task<string> Part(long offset, long length)
        {
            await using var stream = await Store.GetAsync(bucket / "x.txt", new ByteRange(offset, length));
            return await new StreamReader(stream).ReadToEndAsync();
        }

        Assert.Equal(("012", "789", "5"), (await Part(0, 3), await Part(7, 100), await Part(5, 1)));
        Assert.Equal(ObjectStoreError.InvalidRequest, (await Assert.ThrowsAsync<ObjectStoreException>(() => Part(10, 1))).Error);
    }

    [Fact]
    public async Task Put_Again_Replaces()
    {
        var bucket = await BucketAsync();
        var first = await Store.PutTextAsync(bucket / "x", "one");
        var second = await Store.PutTextAsync(bucket / "x", "three");

        Assert.Equal("three", await Store.GetTextAsync(bucket / "x"));
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Single(await ListAsync(bucket));
    }

    [Fact]
    public async Task List_Prefix_GivesWholeSegmentsInTheOrderOfTheirBytes()
    {
        var bucket = await BucketAsync();
        string[] keys =
        [
            "a", "a/b", "a/c.txt", "a.d/e", "b/1", "b/10", "b/2", "b2/x", "ü/ä b+%:?.txt", "ﬀ", "😀", new string('k', 400) + "/x",
            "D:/x", "D:", "aux/nul.txt", "aux", "com1.d/x", "lpt¹", "con.", "con /x.", .. DistinguishesCase ? ["B/1"] : (string[])[],
        ];
        foreach (var key in keys.Reverse()) await Store.PutTextAsync(bucket / key, key);

        Assert.Equal(
            keys.OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal),
            (await ListAsync(bucket)).Select(item => item.Url.Key));
        Assert.Equal(["b/1", "b/10", "b/2"], (await ListAsync(bucket / "b")).Select(item => item.Url.Key));
        Assert.Empty(await ListAsync(bucket / "none/"));
        foreach (var key in keys) Assert.Equal(key, await Store.GetTextAsync(bucket / key));
    }

    [Fact]
    public async Task Copy_ThenDelete_MovesAnObject()
    {
        var bucket = await BucketAsync();
        await Store.PutTextAsync(bucket / "from", "content");

        await Store.CopyAsync(bucket / "from", bucket / "deep/to");
        await Store.DeleteAsync(bucket / "from");
        await Store.DeleteAsync(bucket / "from");

        Assert.Equal("content", await Store.GetTextAsync(bucket / "deep/to"));
        Assert.Null(await Store.HeadAsync(bucket / "from"));
    }

    [Fact]
    public async Task AnyCall_MissingObjectOrBucket_SaysWhich()
    {
        var bucket = await BucketAsync();
        var none = ObjectUrl.Parse("s3://no-such-bucket-here/");

        await AssertFailsAsync(ObjectStoreError.NoSuchKey, $"{bucket}none", () => Store.GetAsync(bucket / "none"));
        await AssertFailsAsync(ObjectStoreError.NoSuchKey, $"{bucket}none", () => Store.CopyAsync(bucket / "none", bucket / "x"));
        await AssertFailsAsync(ObjectStoreError.NoSuchBucket, none.Bucket, () => Store.GetAsync(none / "x"));
        await AssertFailsAsync(ObjectStoreError.NoSuchBucket, none.Bucket, () => Store.HeadAsync(none / "x"));
        await AssertFailsAsync(ObjectStoreError.NoSuchBucket, none.Bucket, () => Store.PutTextAsync(none / "x", "x"));
        await AssertFailsAsync(ObjectStoreError.NoSuchBucket, none.Bucket, () => ListAsync(none));
        await AssertFailsAsync(ObjectStoreError.InvalidRequest, "prefix", () => Store.GetAsync(bucket / "folder/"));
    }

    [Fact]
    public async Task ListFolder_Prefix_GivesWhatLiesDirectlyBelow()
    {
        var bucket = await BucketAsync();
        foreach (var key in new[] { "a", "a/b", "a/c/d", "a/c/e", "a.txt", "b/1", "b.d/2" }) await Store.PutTextAsync(bucket / key, key);

        async Task<string[]> NamesAsync(ObjectUrl prefix) =>
            await Store.ListFolderAsync(prefix).Select(item => prefix.RelativeKeyOf(item.Url)).ToArrayAsync();

        Assert.Equal(["a", "a.txt", "a/", "b.d/", "b/"], await NamesAsync(bucket));
        Assert.Equal(["b", "c/"], await NamesAsync(bucket / "a"));
        Assert.Empty(await NamesAsync(bucket / "none"));
        await foreach (var item in Store.ListFolderAsync(bucket)) Assert.Equal(item.Url.IsPrefix, item.Info is null);
    }

    [Fact]
    public async Task List_MoreThanAThousandKeys_GivesAllThenDeletesAll()
    {
        const int Count = 1_234;
        var bucket = await BucketAsync();
        var keys = Enumerable.Range(0, Count).Select(i => $"many/{i % 7}/{i:D5}.txt").ToArray();
        await Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (key, token) => await Store.PutTextAsync(bucket / key, "", token));
        await Store.PutTextAsync(bucket / "other", "stays");

        Assert.Equal(keys.Order(StringComparer.Ordinal), (await ListAsync(bucket / "many")).Select(item => item.Url.Key));
        Assert.Equal(7, await Store.ListFolderAsync(bucket / "many").CountAsync());
        Assert.Equal(Count, await Store.DeleteFolderAsync(bucket / "many"));
        Assert.Equal("other", Assert.Single(await ListAsync(bucket)).Url.Key);
    }

    [Fact]
    public async Task Delete_Many_RemovesThoseOnly()
    {
        var bucket = await BucketAsync();
        foreach (var key in new[] { "a", "b", "c" }) await Store.PutTextAsync(bucket / key, key);

        await Store.DeleteAsync([bucket / "a", bucket / "c", bucket / "never-there"]);

        Assert.Equal("b", Assert.Single(await ListAsync(bucket)).Url.Key);
    }

    [Fact]
    public async Task Put_SameLengthQuickly_GivesAnotherTagEachTime()
    {
        var bucket = await BucketAsync();
        var tags = new HashSet<string>();
        for (var i = 0; i < 50; i++) tags.Add((await Store.PutAsync(bucket / "x", new MemoryStream([(byte)i]))).ETag);

        Assert.Equal(50, tags.Count);
    }

    [Fact]
    public async Task CreateBucket_Again_KeepsIt()
    {
        var bucket = await BucketAsync();
        await Store.PutTextAsync(bucket / "x", "kept");

        await Store.CreateBucketAsync(bucket.Bucket);

        Assert.Equal("kept", await Store.GetTextAsync(bucket / "x"));
    }

    [Fact]
    public async Task Put_SourceThatFailsOrIsCancelled_LeavesTheOldObject()
    {
        var bucket = await BucketAsync();
        await Store.PutTextAsync(bucket / "x", "old");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => Store.PutAsync(bucket / "x", new Broken(44 << 20)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.PutAsync(bucket / "x", new MemoryStream(new byte[10]), cancellationToken: cancelled.Token));

        Assert.Equal("old", await Store.GetTextAsync(bucket / "x"));
        Assert.Single(await ListAsync(bucket));
    }

    [Fact]
    public async Task Folder_UploadedAndDownloaded_IsTheSame()
    {
        var bucket = await BucketAsync();
        using var source = new TemporaryFolder();
        using var target = new TemporaryFolder();
        Directory.CreateDirectory(source["sub"]);
        await File.WriteAllTextAsync(source["a.txt"], "a");
        await File.WriteAllTextAsync(source[Path.Combine("sub", "b")], "b");

        await Store.UploadFolderAsync(source.Path, bucket / "codes/");
        await Store.DownloadFolderAsync(bucket / "codes/", target.Path);

        Assert.Equal("a", await File.ReadAllTextAsync(target["a.txt"]));
        Assert.Equal("b", await File.ReadAllTextAsync(target[Path.Combine("sub", "b")]));
        Assert.Equal(2, Directory.GetFiles(target.Path, "*", SearchOption.AllDirectories).Length);
    }

    protected static async Task AssertFailsAsync(ObjectStoreError expected, string named, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<ObjectStoreException>(call);
        Assert.Equal(expected, error.Error);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    protected async Task<ObjectUrl> BucketAsync()
    {
        var name = $"test-{Guid.NewGuid():N}";
        await Store.CreateBucketAsync(name);
        return ObjectUrl.Parse($"s3://{name}/");
    }

    private async Task<List<ObjectInfo>> ListAsync(ObjectUrl prefix) => await Store.ListAsync(prefix).ToListAsync();

    private async Task<byte[]> ReadAsync(ObjectUrl url)
    {
        await using var stream = await Store.GetAsync(url);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }

    private sealed class Collect(List<TransferProgress> reports) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => reports.Add(value);
    }

    /// <summary>Does not report a length, like a pipe.</summary>
    private sealed class OneWay(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }

    /// <summary>Fails when half of it has been read.</summary>
    private sealed class Broken(int length) : MemoryStream(new byte[length])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position > Length / 2 ? throw new IOException("The source broke.") : base.ReadAsync(buffer, cancellationToken);
    }
}
