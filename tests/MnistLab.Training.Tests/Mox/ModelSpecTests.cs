using MnistLab.Training.Networks;

using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class ModelSpecTests
{
    [Fact]
    public void Classifier_WithLabelSmoothing_SmoothsWhileItTrainsOnly()
    {
        using var scope = NewDisposeScope();
        using var network = DigitModels.SoftmaxRegression();
        var model = ModelSpec.Classifier(network, labelSmoothing: 0.1);
        var (logits, labels) = (rand(5, 10) * 4, tensor(new long[] { 0, 3, 9, 9, 1 }));
        var log = logits.log_softmax(1);
        var right = -log.gather(1, labels.unsqueeze(1)).mean().item<float>();
        var all = -log.mean().item<float>();

        network.train();
        Assert.Equal((0.9 * right) + (0.1 * all), model.Loss(logits, labels).item<float>(), 5);
        network.eval();
        Assert.Equal(right, model.Loss(logits, labels).item<float>(), 5);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Classifier_WithASmoothingThatIsNone_IsRefused(double smoothing)
    {
        using var network = DigitModels.SoftmaxRegression();
        Assert.Throws<ArgumentOutOfRangeException>(() => ModelSpec.Classifier(network, smoothing));
    }

    [Fact]
    public async Task NormalizePixels_WhileTheGarbageCollectorRuns_ComputesTheSame()
    {
        await using var collections = new GarbageCollections();
        using var layer = new NormalizePixels();
        using var pixels = zeros(1);
        for (var i = 0; i < 50_000; i++)
        {
            using var normalized = layer.forward(pixels);
            Assert.Equal(-0.1307f / 0.3081f, normalized.item<float>(), 5);
        }
    }

    [Fact]
    public void Networks_HaveTheParametersThatTheirDocumentationTells()
    {
        long Parameters(string model)
        {
            using var network = DigitModels.Create(model);
            return network.parameters().Sum(parameter => parameter.numel());
        }

        Assert.Equal([7_850, 61_706, 61_114, 117_386], DigitModels.Names.Select(Parameters));
    }
}
