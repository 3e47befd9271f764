using MnistLab.Storage.Files;
using MnistLab.Testing;

namespace MnistLab.Storage.Tests;

/// <summary>
/// Defines the behavior that is the same for local paths and for addresses in a store, including copies between any two
/// of them.
/// </summary>
public abstract class MoxFileContract : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _bucket = $"files-{Guid.NewGuid():N}";

    public static TheoryData<bool> Places => [false, true];

    public static TheoryData<bool, bool> Pairs => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    protected abstract IObjectStore Store { get; }

    protected TemporaryFolder Folder => _folder;

    private MoxFile Files => field ??= new MoxFile(Store);

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task File_WrittenReadAndAppendedTo_IsAsWritten(bool stored)
    {
        var root = await RootAsync(stored);

        await Files.WriteAsync($"{root}a/b.txt", "one ü");
        await Files.AppendAsync($"{root}a/b.txt", ", two");
        await Files.AppendAsync($"{root}new.txt", "first");
        await Files.WriteBytesAsync($"{root}bytes", new byte[] { 1, 2, 3 });

        Assert.Equal("one ü, two", await Files.ReadAsync($"{root}a/b.txt"));
        Assert.Equal("first", await Files.ReadAsync($"{root}new.txt"));
        Assert.Equal([1, 2, 3], await Files.ReadBytesAsync($"{root}bytes"));
        Assert.Equal((3L, 19L), (await Files.GetSizeAsync($"{root}bytes"), await Files.GetSizeAsync(root, recursive: true)));
        var stat = await Files.StatAsync($"{root}a/b.txt");
        Assert.Equal((false, 11L, "b.txt"), (stat.IsDirectory, stat.Length, stat.Name));
        Assert.InRange(stat.LastModified!.Value, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        Assert.Equal((true, "a"), ((await Files.StatAsync($"{root}a")).IsDirectory, (await Files.StatAsync($"{root}a")).Name));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Directory_ListedAndWalked_GivesWhatIsThere(bool stored)
    {
        var root = await RootAsync(stored);
        foreach (var name in new[] { "b.txt", "a/2.txt", "a/1.txt", "a/deep/x", "a-b/y" }) await Files.WriteAsync(root + name, name);

        Assert.Equal(["a", "a-b", "b.txt"], await Files.ListDirectoryAsync(root));
        Assert.Equal(
            ["a", "a-b", "a-b/y", "a/1.txt", "a/2.txt", "a/deep", "a/deep/x", "b.txt"],
            await Files.ListDirectoryAsync(root, recursive: true));
        var walk = await Files.WalkAsync(root).ToListAsync();
        Assert.Equal(["a", "a-b"], walk[0].Directories);
        Assert.Equal(["b.txt"], walk[0].Files);
        Assert.Equal(4, walk.Count);
        Assert.Equal(["1.txt", "2.txt"], walk[1].Files);
        Assert.True(await Files.IsDirectoryAsync($"{root}a")
            && !await Files.IsDirectoryAsync($"{root}b.txt")
            && !await Files.IsDirectoryAsync($"{root}none"));
        Assert.True(await Files.ExistsAsync($"{root}a")
            && await Files.ExistsAsync($"{root}b.txt")
            && !await Files.ExistsAsync($"{root}none"));
        Assert.False(await Files.ExistsAsync("s3://no-such-bucket-here/x"));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Glob_Pattern_GivesThePathsThatMatch(bool stored)
    {
        var root = await RootAsync(stored);
        foreach (var name in new[] { "a.txt", "b.txt", "c.bin", "d/a.txt", "d/e/a.txt", "d/e/b.md" })
            await Files.WriteAsync(root + name, "");

        async Task<string[]> Glob(string pattern) =>
            [.. (await Files.GlobAsync(root + pattern)).Select(path => path[root.Length..].TrimEnd('/'))];

        Assert.Equal(["a.txt", "b.txt"], await Glob("*.txt"));
        Assert.Equal(["a.txt"], await Glob("[!b].txt"));
        Assert.Equal(["b.txt", "c.bin"], await Glob("[b-c].*"));
        Assert.Equal(["a.txt", "d/a.txt", "d/e/a.txt"], await Glob("**/a.txt"));
        Assert.Equal(["d/e/a.txt", "d/e/b.md"], await Glob("d/?/*"));
        Assert.Equal(["d/a.txt", "d/e", "d/e/a.txt", "d/e/b.md"], await Glob("d/**"));
        Assert.Equal(["c.bin"], await Glob("c.bin"));
        Assert.Empty(await Glob("none/*"));
        await Assert.ThrowsAsync<MoxFileException>(() => Glob("[z-a]"));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Copy_AnySourceAndDestination_IsAsTheTableSays(bool fromStore, bool toStore)
    {
        var (from, to) = (await RootAsync(fromStore) + "from/", await RootAsync(toStore) + "to/");
        await Files.WriteAsync($"{from}file", "new");
        await Files.WriteAsync($"{from}directory/x", "x");
        await Files.WriteAsync($"{to}file", "old");
        await Files.WriteAsync($"{to}directory/y", "y");

        await Files.CopyAsync($"{from}file", $"{to}missing/file");
        await Files.CopyAsync($"{from}file", $"{to}file");
        await Files.CopyAsync($"{from}file", $"{from}file");
        await RefusedAsync($"{to}directory", () => Files.CopyAsync($"{from}file", $"{to}directory"));
        await RefusedAsync("CopyParallel", () => Files.CopyAsync($"{from}directory", $"{to}z"));
        await RefusedAsync($"{from}none", () => Files.CopyAsync($"{from}none", $"{to}z"));

        Assert.Equal(["directory", "directory/y", "file", "missing", "missing/file"], await Files.ListDirectoryAsync(to, recursive: true));
        Assert.Equal(("new", "new", "new"), (await Files.ReadAsync(
            $"{to}file"), await Files.ReadAsync($"{to}missing/file"), await Files.ReadAsync($"{from}file")));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task CopyParallel_AnySourceAndDestination_IsAsTheTableSays(bool fromStore, bool toStore)
    {
        var (from, to) = (await RootAsync(fromStore) + "from/", await RootAsync(toStore) + "to/");
        for (var i = 0; i < 40; i++) await Files.WriteAsync($"{from}directory/{i % 3}/{i:D2}", $"{i}");
        await Files.WriteAsync($"{from}file", "file");
        await Files.WriteAsync($"{to}directory/0/00", "old");
        await Files.WriteAsync($"{to}directory/stays", "stays");
        await Files.WriteAsync($"{to}file", "file");
        var reports = new List<CopyProgress>();

        Assert.Equal(40, await Files.CopyParallelAsync($"{from}directory", $"{to}missing", threads: 4, new Collect(reports)));
        Assert.Equal(40, await Files.CopyParallelAsync($"{from}directory", $"{to}directory"));
        await RefusedAsync($"{from}file", () => Files.CopyParallelAsync($"{from}file", $"{to}z"));
        await RefusedAsync($"{to}file", () => Files.CopyParallelAsync($"{from}directory", $"{to}file"));
        await RefusedAsync($"{from}none", () => Files.CopyParallelAsync($"{from}none", $"{to}z"));
        await RefusedAsync("itself", () => Files.CopyParallelAsync($"{from}directory", $"{from}directory/1/inside"));

        Assert.Equal(Enumerable.Range(1, 40), reports.Select(report => report.FilesDone));
        Assert.Equal((40, 70L, 70L), (reports[^1].FilesTotal, reports[^1].BytesDone, reports[^1].BytesTotal));
        Assert.Equal("0", await Files.ReadAsync($"{to}directory/0/00"));
        Assert.Equal("stays", await Files.ReadAsync($"{to}directory/stays"));
        for (var i = 0; i < 40; i++) Assert.Equal($"{i}", await Files.ReadAsync($"{to}missing/{i % 3}/{i:D2}"));
    }

    [Fact]
    public async Task CopyParallel_Cancelled_LeavesWholeFilesOnly()
    {
        var (from, to) = (await RootAsync(false) + "from/", await RootAsync(true) + "to/");
        for (var i = 0; i < 30; i++) await Files.WriteAsync($"{from}{i}", new string('x', 1000));
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Files.CopyParallelAsync(from, to, threads: 2, new Stop(cancel), cancel.Token));

        var copied = await Files.ListDirectoryAsync(to);
        Assert.InRange(copied.Count, 3, 29);
        foreach (var name in copied) Assert.Equal(1000, await Files.GetSizeAsync(to + name));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Remove_FileDirectoryOrNothing_IsAsTheTableSays(bool stored)
    {
        var root = await RootAsync(stored);
        foreach (var name in new[] { "file", "file2", "directory/x", "directory/y/z", "stays" }) await Files.WriteAsync(root + name, name);

        await Files.RemoveAsync($"{root}file");
        await Files.RemoveAsync($"{root}file2", recursive: true);
        await RefusedAsync("recursive", () => Files.RemoveAsync($"{root}directory"));
        Assert.Equal("z", (await Files.StatAsync($"{root}directory/y/z")).Name);
        await Files.RemoveAsync($"{root}directory", recursive: true);
        await RefusedAsync($"{root}none", () => Files.RemoveAsync($"{root}none"));
        await RefusedAsync($"{root}none", () => Files.RemoveAsync($"{root}none", recursive: true));

        Assert.Equal(["stays"], await Files.ListDirectoryAsync(root));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Rename_FileOrDirectory_MovesItWhereNothingIs(bool fromStore, bool toStore)
    {
        var (from, to) = (await RootAsync(fromStore) + "from/", await RootAsync(toStore) + "to/");
        foreach (var name in new[] { "file", "directory/x", "directory/y/z" }) await Files.WriteAsync(from + name, name);
        await Files.WriteAsync($"{to}there", "old");

        await RefusedAsync($"{to}there", () => Files.RenameAsync($"{from}file", $"{to}there"));
        await RefusedAsync($"{from}none", () => Files.RenameAsync($"{from}none", $"{to}z"));
        await Files.RenameAsync($"{from}file", $"{to}file");
        await Files.RenameAsync($"{from}directory", $"{to}deep/directory");

        Assert.Equal(
            ["deep", "deep/directory", "deep/directory/x", "deep/directory/y", "deep/directory/y/z", "file", "there"],
            await Files.ListDirectoryAsync(to, recursive: true));
        Assert.False(await Files.ExistsAsync($"{from}file") || await Files.ExistsAsync($"{from}directory"));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task MakeDirs_ThenAFileInIt_IsADirectory(bool stored)
    {
        var root = await RootAsync(stored);

        await Files.MakeDirsAsync($"{root}a/b");
        await Files.MakeDirsAsync($"{root}a/b");
        await Files.WriteAsync($"{root}a/b/c", "c");

        Assert.True(await Files.IsDirectoryAsync($"{root}a/b"));
        await RefusedAsync("file", () => Files.MakeDirsAsync($"{root}a/b/c"));
        await RefusedAsync("directory", () => Files.ReadAsync($"{root}a/b"));
        await RefusedAsync("directory", () => Files.WriteAsync($"{root}a/b/", "x"));
        await RefusedAsync("none", () => Files.ReadAsync($"{root}none"));
    }

    [Fact]
    public async Task ObsAddress_MeansTheSameAsS3()
    {
        var root = await RootAsync(true);
        await Files.WriteAsync($"{root}x", "content");

        Assert.Equal("content", await Files.ReadAsync($"obs{root[2..]}x"));
        await RefusedAsync("bucket", () => Files.ReadAsync("obs:///x"));
    }

    private static async Task RefusedAsync(string named, Func<Task> call) =>
        Assert.Contains(named, (await Assert.ThrowsAsync<MoxFileException>(call)).Message, StringComparison.Ordinal);

    private async Task<string> RootAsync(bool stored)
    {
        if (!stored)
        {
            Directory.CreateDirectory(_folder["local"]);
            return _folder["local"] + "/";
        }

        await Store.CreateBucketAsync(_bucket);
        return $"s3://{_bucket}/";
    }

    private sealed class Collect(List<CopyProgress> reports) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => reports.Add(value);
    }

    private sealed class Stop(CancellationTokenSource cancel) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value)
        {
            if (value.FilesDone == 3) cancel.Cancel();
        }
    }
}
