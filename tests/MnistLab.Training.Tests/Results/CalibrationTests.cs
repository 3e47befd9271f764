using MnistLab.Training.Networks;
using MnistLab.Training.Results;

using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class CalibrationTests
{
    [Fact]
    public void Of_PredictionsAsRightAsTheyAreConfident_HasNoError()
    {
        var calibration = Calibration.Compute([0.75f, 0.75f, 0.75f, 0.75f, 1f], [true, true, true, false, true], 10);

        Assert.Equal([(4, 0.75, 0.75), (1, 1.0, 1.0)], calibration.Bins.Select(bin => (bin.Count, bin.Confidence, bin.Accuracy)));
        Assert.Equal(0, calibration.ExpectedCalibrationError, 6);
    }

    [Fact]
    public void Of_OverconfidentPredictions_HasTheWeightedDistance() =>
        // Two of four predictions at 0.9 are correct (distance 0.4), and one of one at 0.5 (distance 0.5): (4 × 0.4 +
        // 0.5) / 5.
        Assert.Equal(0.42, Calibration.Compute(
            [0.9f, 0.9f, 0.9f, 0.9f, 0.5f], [true, true, false, false, true]).ExpectedCalibrationError, 6);

    [Fact]
    public void Of_ConfidencesOnABinsEnds_PutsThemBelow() =>
        Assert.Equal([1, 1, 1], Calibration.Compute([0f, 0.4f, 1f], [true, true, true], 5).Bins.Select(bin => bin.Count));

    [Fact]
    public void Of_NothingOrUnequalNumbers_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Calibration.Compute([], []));
        Assert.Throws<ArgumentException>(() => Calibration.Compute([1f], [true, false]));
    }

    [Fact]
    public void Of_AnEvaluation_CountsEachImageOnce()
    {
        using var network = DigitModels.SoftmaxRegression();
        var evaluation = Evaluation.Compute(network, Digits.Few);

        // With zero weights, each digit has a probability of one tenth.
        var bin = Assert.Single(Calibration.Compute(evaluation).Bins);
        Assert.Equal((Digits.Few.Count, 0.1, evaluation.Accuracy), (bin.Count, Math.Round(bin.Confidence, 5), bin.Accuracy));
    }

    [Fact]
    public void Saliency_OfALinearModel_IsItsWeights()
    {
        using var network = DigitModels.SoftmaxRegression();
        using var weights = network.parameters().First(parameter => parameter.shape.Length == 2).alias();
        using (no_grad()) weights[3, 100] = -2f;
        using (no_grad()) weights[3, 200] = 1f;

        var saliency = Saliency.Compute(network, Digits.Few, 0, digit: 3);

        Assert.Equal((1f, 0.5f), (saliency[100], saliency[200]));
        Assert.Equal(2, saliency.Count(value => value > 0));
        Assert.All(Saliency.Compute(network, Digits.Few, 0, digit: 4), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Saliency_OfAnImageOrDigitThatIsNotThere_IsRefused()
    {
        using var network = DigitModels.SoftmaxRegression();

        Assert.Throws<ArgumentOutOfRangeException>(() => Saliency.Compute(network, Digits.Few, Digits.Few.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => Saliency.Compute(network, Digits.Few, 0, 10));
    }
}
