using MnistLab.Training.Networks;
using MnistLab.Training.Results;

namespace MnistLab.Training.Tests;

public sealed class SaliencyTests
{
    [Fact]
    public void Saliency_OfALinearModel_IsItsWeights()
    {
        using var network = DigitModels.SoftmaxRegression();
        using (var weight = network.named_parameters().Single(item => item.name == "linear.weight").parameter.detach()) weight[3, 100] = -2;
        using (var weight = network.named_parameters().Single(
            item => item.name == "linear.weight").parameter.detach()) weight[3, 101] = 0.5;

        var saliency = Saliency.Compute(network, Digits.Few, 0, digit: 3);

        // The score of a linear model changes with a pixel by the weight of that pixel, regardless of the image.
        Assert.Equal(784, saliency.Length);
        Assert.Equal((1f, 0.25f), (saliency[100], saliency[101]));
        Assert.Equal(1.25f, saliency.Sum(), 6);
        Assert.All(Saliency.Compute(network, Digits.Few, 0, digit: 4), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Saliency_OfANetwork_LeavesItsWeightsGradientsAndModeAlone()
    {
        using var network = DigitModels.Create(DigitModels.Fast);
        network.train();
        using var before = network.parameters().First().clone();

        Saliency.Compute(network, Digits.Few, 5);

        Assert.True(network.training);
        Assert.True(before.Equals(network.parameters().First()));
        Assert.All(network.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Saliency_OfWhatIsNotThere_IsRefused()
    {
        using var network = DigitModels.SoftmaxRegression();

        Assert.Throws<ArgumentOutOfRangeException>(() => Saliency.Compute(network, Digits.Few, Digits.Few.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => Saliency.Compute(network, Digits.Few, 0, digit: 10));
    }
}
