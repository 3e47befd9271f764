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
}
