using MnistLab.Testing;

namespace MnistLab.Training.Tests;

public sealed class MoxFilePropertyTests
{
    [Fact]
    public async Task File_OnThisMachine_WritesReadsAndRemoves()
    {
        using var folder = new TemporaryFolder();

        await Mox.File.WriteAsync(folder["a/b.txt"], "seven", TestContext.Current.CancellationToken);

        Assert.Equal("seven", await Mox.File.ReadAsync(folder["a/b.txt"], TestContext.Current.CancellationToken));
        Assert.Equal(
            ["a", "a/b.txt"],
            await Mox.File.ListDirectoryAsync(folder.Path, recursive: true, TestContext.Current.CancellationToken));
        Assert.Same(Mox.File, Mox.File);
    }
}
