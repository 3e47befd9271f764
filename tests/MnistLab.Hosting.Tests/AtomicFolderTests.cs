using MnistLab.Testing;

namespace MnistLab.Hosting.Tests;

public sealed class AtomicFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Create_InAMissingFolder_AppearsWhenItIsFilledAndLeavesNothingElse()
    {
        var path = _folder[Path.Combine("a", "b")];

        AtomicFolder.Create(path, folder =>
        {
            Assert.False(Directory.Exists(path));
            File.WriteAllText(Path.Combine(folder, "file.txt"), "text");
        });

        Assert.Equal("text", File.ReadAllText(Path.Combine(path, "file.txt")));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder["a"]));
    }

    [Fact]
    public async Task Create_ThatFails_LeavesNothing()
    {
        var path = _folder["new"];

        Assert.Throws<NotSupportedException>(() => AtomicFolder.Create(path, FillAndFail));
        await Assert.ThrowsAsync<NotSupportedException>(() => AtomicFolder.CreateAsync(path, async folder =>
        {
            await Task.Yield();
            FillAndFail(folder);
        }));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Create_OfAFolderThatExists_IsRefusedAndKeepsIt()
    {
        var path = _folder["old"];
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "file.txt"), "old");

        Assert.Throws<IOException>(() => AtomicFolder.Create(path, folder => File.WriteAllText(Path.Combine(folder, "file.txt"), "new")));

        Assert.Equal("old", File.ReadAllText(Path.Combine(path, "file.txt")));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private static void FillAndFail(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "file.txt"), "text");
        throw new NotSupportedException();
    }
}
