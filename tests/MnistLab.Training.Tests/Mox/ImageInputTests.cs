using MnistLab.Data.Datasets;
using MnistLab.Testing;
using MnistLab.Training.Networks;
using MnistLab.Training.Results;
using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class ImageInputTests
{
    private static readonly ImageDataset Large = new(new byte[40 * 32 * 32], new byte[40], 32, 32);
    private static readonly ImageDataset None = new([], [], 28, 28);

    [Theory]
    [InlineData(DigitModels.Softmax)]
    [InlineData(DigitModels.LeNet)]
    [InlineData(DigitModels.Fast)]
    [InlineData(DigitModels.Best)]
    public void Run_OnLargerImages_SaysWhichSizeTheNetworkTakes(string model)
    {
        var error = Assert.Throws<ArgumentException>(() => Train(model, _ => Large));

        Assert.StartsWith(
            "The training images have 32 × 32 pixels, which the network does not accept (",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("take 28 × 28 pixels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfANetworkWithAnotherNumberOfScores_SaysWhatItReturnsAndHowToEndIt()
    {
        var error = Assert.Throws<ArgumentException>(() => Mox.Run(
            _ => Digits.Few,
            _ => ModelSpec.Classifier(nn.Sequential(("flatten", nn.Flatten()), ("output", nn.Linear(784, 12)))),
            Mox.GetOptimizerFn("sgd", 0.1),
            log: TextWriter.Null));

        Assert.Contains("returns a tensor of the shape [1, 12] for one image", error.Message, StringComparison.Ordinal);
        Assert.Contains("nn.Linear(…, 10)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithLargerValidationImages_IsRefusedBeforeTheFirstStep()
    {
        var error = Assert.Throws<ArgumentException>(() => Train(DigitModels.LeNet, mode => mode == RunMode.Train ? Digits.Few : Large));

        Assert.StartsWith("The validation images have 32 × 32 pixels", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunMode.Train, "training")]
    [InlineData(RunMode.Eval, "validation")]
    public void Run_WithoutImages_SaysWhichAreMissing(RunMode empty, string role)
    {
        using var folder = new TemporaryFolder();
        foreach (var logDir in new[] { null, folder.Path })
        {
            var error = Assert.Throws<ArgumentException>(
                () => Train(DigitModels.Softmax, mode => mode == empty ? None : Digits.Few, logDir));

            Assert.StartsWith($"There are no {role} images: the dataset is empty.", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(RunMode.Eval)]
    [InlineData(RunMode.Predict)]
    public void Run_InOtherModes_RefusesThemToo(RunMode mode)
    {
        RunResult Run(ImageDataset set) => Mox.Run(
            _ => set, _ => ModelSpec.Classifier(DigitModels.LeNet5()) with { IsTrained = true }, runMode: mode, log: TextWriter.Null);

        Assert.Contains("images have 32 × 32 pixels", Assert.Throws<ArgumentException>(() => Run(Large)).Message, StringComparison.Ordinal);
        Assert.Contains("the dataset is empty", Assert.Throws<ArgumentException>(() => Run(None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluation_OfLargerOrNoImages_SaysWhy()
    {
        using var network = DigitModels.LeNet5();

        Assert.Contains(
            "32 × 32",
            Assert.Throws<ArgumentException>(() => Evaluation.Compute(network, Large)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "the dataset is empty",
            Assert.Throws<ArgumentException>(() => Evaluation.Compute(network, None)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "32 × 32",
            Assert.Throws<ArgumentException>(() => Saliency.Compute(network, Large, 0)).Message,
            StringComparison.Ordinal);
    }

    private static RunResult Train(string model, Func<RunMode, ImageDataset> input, string? logDir = null) => Mox.Run(
        input, _ => ModelSpec.Classifier(DigitModels.Create(model)), Mox.GetOptimizerFn("sgd", 0.01),
        batchSize: 20, maxNumberOfSteps: 5, evaluateEveryNSteps: 5, log: TextWriter.Null, logDir: logDir);
}
