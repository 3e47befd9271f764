using MnistLab.Testing;

namespace MnistLab.Data.Tests;

public sealed class FolderObjectStoreTests : ObjectStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override IObjectStore Store => new FolderObjectStore(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Put_PlainKey_IsAFileThatPeopleCanFind()
    {
        var bucket = await BucketAsync();
        await Store.PutTextAsync(bucket / "log/V0001/model/config.json", "{}");

        Assert.Equal("{}", await File.ReadAllTextAsync(_folder[Path.Combine(bucket.Bucket, "log", "V0001", "model", "config.json")]));
    }

    [Fact]
    public async Task List_FilesThatAreNoObjects_AreNotSeen()
    {
        var bucket = await BucketAsync();
        await File.WriteAllTextAsync(_folder[Path.Combine(bucket.Bucket, "no-dot-and-no-mark")], "");

        Assert.Empty(await Store.ListAsync(bucket).ToListAsync());
    }

    [Fact]
    public async Task CreateBucket_RemainsOfKilledWriters_AreRemovedWhenOld()
    {
        var bucket = await BucketAsync();
        await Store.PutTextAsync(bucket / "x", "x");
        var incoming = Assert.Single(Directory.GetDirectories(_folder.Path, ".incoming"));
        var (old, young) = (Path.Combine(incoming, "old"), Path.Combine(incoming, "young"));
        await File.WriteAllTextAsync(old, "");
        await File.WriteAllTextAsync(young, "");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));

        await Store.CreateBucketAsync(bucket.Bucket);

        Assert.Equal([young], Directory.GetFiles(incoming));
    }

    [Fact]
    public async Task Put_NoRight_IsUnavailableAndLeavesNothing()
    {
        var bucket = await BucketAsync();
        // A file where the folder has to be: what any user, also the administrator, cannot write through.
        await File.WriteAllTextAsync(_folder[Path.Combine(bucket.Bucket, "blocked")], "");

        await AssertFailsAsync(ObjectStoreError.Unavailable, $"{bucket}blocked/x", () => Store.PutTextAsync(bucket / "blocked/x", "x"));
        Assert.Empty(Directory.GetFiles(_folder[".incoming"]));
    }
}
