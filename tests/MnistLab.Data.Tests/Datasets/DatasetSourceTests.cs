using MnistLab.Testing;

namespace MnistLab.Data.Tests;

public sealed class DatasetSourceTests
{
    private static readonly string Sample = Workspace.Find().SampleFolder;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Find_WithoutMnistDir_SaysThatItUsesTheSample(string? variable)
    {
        var source = DatasetSource.Find(variable, Sample);

        Assert.Equal((Sample, true), (source.Folder, source.IsSample));
        Assert.Contains("MNIST_DIR is not set: using the bundled sample", source.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_WithMnistDir_UsesIt()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in MnistFiles.All) File.WriteAllBytes(folder[name], []);

        var source = DatasetSource.Find(folder.Path, Sample);

        Assert.Equal((folder.Path, false), (source.Folder, source.IsSample));
        Assert.Contains(folder.Path, source.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_MnistDirWithoutFiles_DoesNotFallBackSilently()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<DatasetException>(() => DatasetSource.Find(folder.Path, Sample));

        Assert.StartsWith("MNIST_DIR is set, but", error.Message, StringComparison.Ordinal);
        Assert.Contains(MnistFiles.TrainImages, error.Message, StringComparison.Ordinal);
    }
}
