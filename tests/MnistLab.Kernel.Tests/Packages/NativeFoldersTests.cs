using MnistLab.Kernel.Packages;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

public sealed class NativeFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SetClock _clock = new();

    private string Root => _folder["natives"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Folder_OfAPackageThatIsGone_IsRemovedWhenAnotherIsMade()
    {
        var gone = await CombineAsync("gone");
        var kept = await CombineAsync("kept");
        Directory.Delete(_folder["gone"], recursive: true);

        var other = await CombineAsync("other");

        Assert.False(Directory.Exists(gone));
        Assert.True(Directory.Exists(kept));
        Assert.True(Directory.Exists(other));
    }

    [Fact]
    public async Task Folder_NotUsedForLong_IsRemovedWhenAnotherIsMade()
    {
        var old = await CombineAsync("old");
        var usedAgain = await CombineAsync("used");
        _clock.Now += TimeSpan.FromDays(10);
        await CombineAsync("used");
        _clock.Now += TimeSpan.FromDays(10);

        await CombineAsync("other");

        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(usedAgain));
        // The removed folder is created again, as if it had never existed.
        Assert.Equal(old, await CombineAsync("old"));
        Assert.Equal("old", File.ReadAllText(Path.Combine(old, "libone.so")));
    }

    [Fact]
    public async Task Folder_ThatANotebookUses_StaysUntilTheEndOfTheNotebook()
    {
        string used;
        using (var notebook = new NativeFolders(Root, _clock))
        using (var second = new NativeFolders(Root, _clock))
        {
            used = await CombineAsync("used", notebook);
            Assert.Equal(used, await CombineAsync("used", second));
            second.Dispose();
            _clock.Now += TimeSpan.FromDays(100);
            Directory.Delete(_folder["used"], recursive: true);
            await CombineAsync("other");
            Assert.True(Directory.Exists(used));
        }

        await CombineAsync("last");
        Assert.False(Directory.Exists(used));
    }

    [Fact]
    public async Task Folder_ThatAKilledKernelLeftHalfWritten_IsRemoved()
    {
        var left = Directory.CreateDirectory(Path.Combine(Root, "0123456789abcdef.0.new")).FullName;
        await CombineAsync("other");
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task Folder_OfAKernelThatWroteNoList_IsRemovedWhenItsLinksLeadNowhere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has hard links there.");
        File.WriteAllText(_folder["library.so"], "");
        var whole = Directory.CreateDirectory(Path.Combine(Root, "1")).FullName;
        var broken = Directory.CreateDirectory(Path.Combine(Root, "2")).FullName;
        File.CreateSymbolicLink(Path.Combine(whole, "library.so"), _folder["library.so"]);
        File.CreateSymbolicLink(Path.Combine(broken, "library.so"), _folder["missing.so"]);

        await CombineAsync("other");

        Assert.True(Directory.Exists(whole));
        Assert.False(Directory.Exists(broken));
    }

    private async Task<string> CombineAsync(string package, NativeFolders? folders = null)
    {
        using var own = folders is null ? new NativeFolders(Root, _clock) : null;
        var files = new Dictionary<string, string>();
        foreach (var name in new[] { "one", "two" })
        {
            var file = Path.Combine(Directory.CreateDirectory(_folder[$"{package}/{name}"]).FullName, $"lib{name}.so");
            File.WriteAllText(file, package);
            files[Path.GetFileName(file)] = file;
        }

        var combined = await (folders ?? own!).CombineAsync(files, TestContext.Current.CancellationToken);
        return Assert.Single(combined.Values.Select(Path.GetDirectoryName).Distinct())!;
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
