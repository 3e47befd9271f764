using MnistLab.Data.Datasets;
using MnistLab.Data.Download;
using MnistLab.Data.Idx;
using MnistLab.Data.Sources;
using MnistLab.Data.Workspaces;
using MnistLab.Testing;

namespace MnistLab.Data.Tests;

public sealed class MnistDatasetTests
{
    [Fact]
    public void Load_TheBundledSample_HasFiveThousandBalancedDigits()
    {
        var mnist = MnistDataset.Load(Workspace.Find().SampleFolder);

        Assert.Equal((4000, 1000, 28, 28), (mnist.Train.Count, mnist.Test.Count, mnist.Train.Rows, mnist.Train.Columns));
        Assert.All(mnist.Train.ClassCounts, count => Assert.Equal(400, count));
        Assert.All(mnist.Test.ClassCounts, count => Assert.Equal(100, count));
    }

    [Fact]
    public void Load_TheFullDataset_HasSeventyThousandDigits()
    {
        var folder = Environment.GetEnvironmentVariable(DatasetSource.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{DatasetSource.Variable} is not set.");

        var mnist = MnistDataset.Load(folder!);

        Assert.Equal((60_000, 10_000), (mnist.Train.Count, mnist.Test.Count));
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], mnist.Train.ClassCounts);
    }

    [Fact]
    public void Load_WithoutFiles_NamesAllThatAreMissing()
    {
        using var folder = new TemporaryFolder();
        WriteSet(folder);
        File.Delete(folder[MnistFiles.TestLabels]);
        File.Delete(folder[MnistFiles.TrainImages]);

        var error = Assert.Throws<DatasetException>(() => MnistDataset.Load(folder.Path));

        Assert.Contains($"{MnistFiles.TrainImages} and {MnistFiles.TestLabels}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutFolder_NamesIt()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(
            folder["none"],
            Assert.Throws<DatasetException>(() => MnistDataset.Load(folder["none"])).Message,
            StringComparison.Ordinal);
    }

    public static TheoryData<string, IdxElementType, int[]> Unfitting => new()
    {
        { MnistFiles.TrainLabels, IdxElementType.UInt8, [4] },
        { MnistFiles.TrainLabels, IdxElementType.Int32, [3] },
        { MnistFiles.TrainLabels, IdxElementType.UInt8, [3, 28, 28] },
        { MnistFiles.TrainImages, IdxElementType.UInt8, [3] },
        { MnistFiles.TrainImages, IdxElementType.Single, [3, 28, 28] },
        { MnistFiles.TrainImages, IdxElementType.UInt8, [3, 0, 28] },
        { MnistFiles.TestLabels, IdxElementType.UInt8, [1] },
    };

    [Theory]
    [MemberData(nameof(Unfitting))]
    public void Load_FileThatDoesNotFit_IsNamed(string name, IdxElementType type, int[] dimensions)
    {
        using var folder = new TemporaryFolder();
        WriteSet(folder);
        Write(folder, name, type, dimensions);

        Assert.Equal(folder[name], Assert.Throws<DatasetException>(() => MnistDataset.Load(folder.Path)).Path);
    }

    [Fact]
    public void Load_LabelThatIsNoDigit_IsNamedWithItsPlace()
    {
        using var folder = new TemporaryFolder();
        WriteSet(folder);
        IdxFile.Write(folder[MnistFiles.TrainLabels], new IdxArray(IdxElementType.UInt8, [3], [0, 10, 1]));

        var error = Assert.Throws<DatasetException>(() => MnistDataset.Load(folder.Path));

        Assert.Equal(folder[MnistFiles.TrainLabels], error.Path);
        Assert.Contains("The label of image 1 must be 0 to 9, but was 10.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TestImagesOfAnotherSize_IsRefused()
    {
        using var folder = new TemporaryFolder();
        WriteSet(folder);
        Write(folder, MnistFiles.TestImages, IdxElementType.UInt8, [2, 20, 20]);

        Assert.Contains("20 × 20", Assert.Throws<DatasetException>(() => MnistDataset.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    [InlineData("train-images.idx3-ubyte.gz", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte.gz", "t10k-labels.idx1-ubyte")]
    public async Task Load_UnzippedOrDottedNames_AreRecognized(params string[] names)
    {
        using var folder = new TemporaryFolder();
        WriteSet(folder);
        foreach (var (canonical, name) in MnistFiles.All.Zip(names)) Rename(folder, canonical, name);

        var mnist = MnistDataset.Load(folder.Path);

        Assert.Equal((3, 2), (mnist.Train.Count, mnist.Test.Count));
        var states = await DatasetDownload.VerifyAsync(DatasetDescription.Mnist, folder.Path, TestContext.Current.CancellationToken);
        Assert.All(states.Values, state => Assert.StartsWith("holds ", state, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_NoImages_IsANamedError()
    {
        using var folder = new TemporaryFolder();
        WriteSet(folder);
        Write(folder, MnistFiles.TestImages, IdxElementType.UInt8, [0, 28, 28]);
        Write(folder, MnistFiles.TestLabels, IdxElementType.UInt8, [0]);

        var error = Assert.Throws<DatasetException>(() => MnistDataset.Load(folder.Path));

        Assert.Equal(folder[MnistFiles.TestImages], error.Path);
        Assert.Contains("holds no images", error.Message, StringComparison.Ordinal);
    }

    private static void Rename(TemporaryFolder folder, string from, string to)
    {
        if (from == to) return;
        var array = IdxFile.Read(folder[from]);
        File.Delete(folder[from]);
        IdxFile.Write(folder[to], array);
    }

    private static void WriteSet(TemporaryFolder folder)
    {
        Write(folder, MnistFiles.TrainImages, IdxElementType.UInt8, [3, 28, 28]);
        Write(folder, MnistFiles.TrainLabels, IdxElementType.UInt8, [3]);
        Write(folder, MnistFiles.TestImages, IdxElementType.UInt8, [2, 28, 28]);
        Write(folder, MnistFiles.TestLabels, IdxElementType.UInt8, [2]);
    }

    private static void Write(TemporaryFolder folder, string name, IdxElementType type, int[] dimensions) =>
        IdxFile.Write(folder[name], new IdxArray(
            type, dimensions, new byte[dimensions.Aggregate(IdxArray.SizeOf(type), (bytes, size) => bytes * size)]));
}
