using System.Diagnostics;
using System.Net.Sockets;
using MnistLab.Storage.Folders;
using MnistLab.Testing;

namespace MnistLab.Storage.Tests;

public sealed class FolderObjectStoreTests : ObjectStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override IObjectStore Store => new FolderObjectStore(_folder.Path);

    protected override bool DistinguishesCase => DiskNames.IsCaseSensitive(_folder.Path);

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
        // A file in the place of a folder: no user, not even an administrator, can create anything below it.
        await File.WriteAllTextAsync(_folder[Path.Combine(bucket.Bucket, "blocked")], "");

        await AssertFailsAsync(ObjectStoreError.Unavailable, $"{bucket}blocked/x", () => Store.PutTextAsync(bucket / "blocked/x", "x"));
        Assert.Empty(Directory.GetFiles(_folder[".incoming"]));
    }

    [Fact]
    public async Task Put_TemporaryFolderCannotBeCreated_SaysWhy()
    {
        var bucket = await BucketAsync();
        await File.WriteAllTextAsync(_folder[".incoming"], "a file where the folder has to be");

        await AssertFailsAsync(ObjectStoreError.Unavailable, $"{bucket}x", () => Store.PutTextAsync(bucket / "x", "x"));
    }

    [Fact]
    public async Task PutIfAbsent_LockFileCannotBeOpened_FailsAtOnce()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A socket that no program can open as a file is a thing of Unix.");
        var bucket = await BucketAsync();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder[".lock"]));
        var watch = Stopwatch.StartNew();

        await AssertFailsAsync(
            ObjectStoreError.Unavailable,
            $"{bucket}x",
            () => Store.PutAsync(bucket / "x", new MemoryStream(), new PutOptions { OnlyIfAbsent = true }));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task PutIfAbsent_AnotherHoldsTheLock_WaitsUntilItIsReleasedOrCancelled()
    {
        var bucket = await BucketAsync();
        var options = new PutOptions { OnlyIfAbsent = true };
        using var cancel = new CancellationTokenSource();
        Task<ObjectInfo> cancelled, waiting;
        await using (new FileStream(_folder[".lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            cancelled = Store.PutAsync(bucket / "x", new MemoryStream(), options, cancellationToken: cancel.Token);
            waiting = Store.PutAsync(
                bucket / "x", new MemoryStream([1]), options, cancellationToken: TestContext.Current.CancellationToken);
            Assert.False(cancelled.IsCompleted || waiting.IsCompleted);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Patience.Limit));
        }

        Assert.Equal(1, (await waiting).Length);
    }

    [Fact]
    public async Task AnyCall_KeyThatDiffersInCaseAlone_IsNotTheOtherObject()
    {
        var bucket = await BucketAsync();
        await Store.PutTextAsync(bucket / "Folder/Object.txt", "kept");
        // Represents the disk of this machine as if it ignored case.
        var store = new FolderObjectStore(_folder.Path, new CaseIgnoringNames());

        foreach (var key in new[] { "Folder/object.txt", "folder/Object.txt", "folder/another.txt" })
        {
            var other = bucket / key;
            await AssertFailsAsync(ObjectStoreError.NotSupported, $"{other}", () => store.PutTextAsync(other, "x"));
            Assert.Null(await store.HeadAsync(other));
            await store.DeleteAsync(other);
        }

        await store.PutTextAsync(bucket / "Folder/Object.txt", "replaced");
        Assert.Equal("replaced", await store.GetTextAsync(bucket / "Folder/Object.txt"));
        Assert.Equal("Folder/Object.txt", Assert.Single(await store.ListAsync(bucket).ToListAsync()).Url.Key);
        Assert.Empty(Directory.GetFiles(_folder[".incoming"]));
    }

    private sealed class CaseIgnoringNames : IDiskNames
    {
        public bool Exists(string path)
        {
            var folder = Path.GetDirectoryName(path)!;
            return Directory.Exists(folder) && NamesIn(folder).Contains(Path.GetFileName(path), StringComparer.OrdinalIgnoreCase);
        }

        public IEnumerable<string> NamesIn(string folder) => DiskNames.Instance.NamesIn(folder);
    }
}
