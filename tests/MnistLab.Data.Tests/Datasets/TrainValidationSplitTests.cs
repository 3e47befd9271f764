using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;

namespace MnistLab.Data.Tests;

public sealed class TrainValidationSplitTests
{
    [Fact]
    public void Split_SixtyThousand_KeepsTheLastFiveThousandForValidation()
    {
        // Each image has one pixel, which contains the number of the image.
        var labels = new byte[60_000];
        var pixels = new byte[4 * labels.Length];
        for (var i = 0; i < labels.Length; i++) BitConverter.TryWriteBytes(pixels.AsSpan(4 * i), i);

        var (train, validation) = TrainValidationSplit.Split(new ImageDataset(pixels, labels, 1, 4));

        Assert.Equal((55_000, 5_000), (train.Count, validation.Count));
        Assert.Equal(54_999, BitConverter.ToInt32(train.Image(54_999)));
        Assert.Equal(55_000, BitConverter.ToInt32(validation.Image(0)));
    }

    [Fact]
    public void Split_TheSample_TakesATenthOfEachDigitAndLosesNone()
    {
        var all = MnistDataset.Load(Workspace.Find().SampleFolder).Train;

        var (train, validation) = TrainValidationSplit.Split(all);

        Assert.All(validation.ClassCounts, count => Assert.Equal(40, count));
        Assert.All(train.ClassCounts, count => Assert.Equal(360, count));
        var parts = Enumerable
            .Range(0, train.Count)
            .Select(i => Convert.ToHexString(train.Image(i)))
            .Concat(Enumerable.Range(0, validation.Count).Select(i => Convert.ToHexString(validation.Image(i))));
        Assert.Equal(
            Enumerable.Range(0, all.Count).Select(i => Convert.ToHexString(all.Image(i))).Order(StringComparer.Ordinal),
            parts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Split_Again_IsTheSame()
    {
        var all = MnistDataset.Load(Workspace.Find().SampleFolder).Train;

        Assert.Equal(
            TrainValidationSplit.Split(all).Validation.Pixels.ToArray(),
            TrainValidationSplit.Split(all).Validation.Pixels.ToArray());
    }
}
