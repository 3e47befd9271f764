using MnistLab.Data.Datasets;
using MnistLab.Notebooks.Board;
using MnistLab.Training.Results;
using static TorchSharp.torch;

namespace MnistLab.Notebooks.Tests;

public sealed class RunComparisonTests
{
    [Theory]
    // The exact binomial probabilities, computed by hand: 2 × (1/2)^5, 2 × (1 + 10)/2^10, and two runs that do not
    // differ.
    [InlineData(5, 0, 0.0625, false)]
    [InlineData(6, 0, 0.03125, true)]
    [InlineData(9, 1, 0.021484375, true)]
    [InlineData(1, 9, 0.021484375, true)]
    [InlineData(4, 4, 1, false)]
    [InlineData(0, 0, 1, false)]
    public void Probability_OfDisagreements_IsThatOfTheSignTest(int right, int wrong, double probability, bool isClear)
    {
        var comparison = Compare(right, wrong, 100);

        Assert.Equal((right, wrong), (comparison.NewlyRight.Count, comparison.NewlyWrong.Count));
        Assert.Equal(probability, comparison.Probability, 9);
        Assert.Equal(isClear, comparison.IsClear);
        Assert.Equal((right - wrong) / 100.0, comparison.Difference, 12);
    }

    [Fact]
    public void Probability_OfThousandsOfDisagreements_DoesNotUnderflow()
    {
        Assert.InRange(Compare(2600, 2500, 6000).Probability, 0.15, 0.18);
        Assert.InRange(Compare(3000, 2500, 6000).Probability, 1e-12, 1e-10);
    }

    [Fact]
    public void StandardError_OfADifference_IsThatOfItsImages()
    {
        // Each image contributes +1, 0, or −1: the standard deviation of these numbers, divided by √n.
        double[] changes = [.. Enumerable.Repeat(1.0, 12), .. Enumerable.Repeat(-1.0, 3), .. Enumerable.Repeat(0.0, 85)];
        var mean = changes.Average();
        var deviation = Math.Sqrt(changes.Average(change => (change - mean) * (change - mean)));

        Assert.Equal(deviation / 10, Compare(12, 3, 100).StandardError, 12);
    }

    [Fact]
    public void Between_EvaluationsOfDifferentImages_IsRefused()
    {
        var (old, _) = Predict(1, 0, 10);
        var (_, @new) = Predict(1, 0, 10);

        Assert.Contains(
            "different images",
            Assert.Throws<ArgumentException>(() => RunComparison.Between(old, @new)).Message,
            StringComparison.Ordinal);
    }

    private static RunComparison Compare(int right, int wrong, int count)
    {
        var (old, @new) = Predict(right, wrong, count);
        return RunComparison.Between(old, @new);
    }

    // All images are ones. The two pixels of each image determine the predictions of the old and the new network.
    private static (Evaluation Old, Evaluation New) Predict(int right, int wrong, int count)
    {
        byte[] pixels = [.. Enumerable
            .Range(0, count)
            .SelectMany(i => new[] { (byte)(i < right ? 2 : 1), (byte)(i >= right && i < right + wrong ? 2 : 1) })];
        var set = new ImageDataset(pixels, [.. Enumerable.Repeat((byte)1, count)], 1, 2);
        Evaluation Of(int pixel) => Evaluation.Compute(nn.Sequential(("reader", new PixelReader(pixel))), set);
        return (Of(0), Of(1));
    }

    private sealed class PixelReader(int pixel) : nn.Module<Tensor, Tensor>(nameof(PixelReader))
    {
        public override Tensor forward(Tensor input) =>
            nn.functional
                .one_hot((input[TensorIndex.Ellipsis, 0, 0, pixel] * 255).round().to_type(ScalarType.Int64), 10)
                .to_type(ScalarType.Float32);
    }
}
