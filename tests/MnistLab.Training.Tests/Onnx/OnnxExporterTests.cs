using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MnistLab.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class OnnxExporterTests
{
    [Theory]
    [InlineData(DigitModels.Softmax)]
    [InlineData(DigitModels.Fast)]
    [InlineData(DigitModels.LeNet)]
    [InlineData(DigitModels.Best)]
    public void Export_OfATrainedModel_GivesTheSameLogitsOnAThousandImages(string model)
    {
        var digits = Digits.Sample.Test;
        Assert.Equal(1000, digits.Count);
        using var network = Mox.Run(
            _ => Digits.Sample.Train,
            _ => ModelSpec.Classifier(DigitModels.Create(model)),
            Mox.GetOptimizerFn("adamw", 0.003),
            batchSize: 100,
            maxNumberOfSteps: 60,
            log: TextWriter.Null).Network;

        var expected = TorchLogits(network, digits);
        var actual = OnnxLogits(OnnxExporter.Export(network, model), digits);

        Assert.True(expected.Max() - expected.Min() > 1, "The logits are all alike: the comparison would prove nothing.");
        Assert.Equal(0, expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 1e-4f);
    }

    [Fact]
    public void Export_OfEveryKindOfLayer_GivesTheSameLogits()
    {
        random.manual_seed(3);
        using var network = nn.Sequential(
            ("normalize", new NormalizePixels()),
            ("conv", nn.Conv2d(1, 4, 3, padding: 1, stride: 1)),
            ("relu", nn.ReLU()),
            ("pool", nn.MaxPool2d(2)),
            ("norm", nn.BatchNorm2d(4)),
            ("dropout", nn.Dropout(0.5)),
            ("flatten", nn.Flatten()),
            ("linear", nn.Linear(4 * 14 * 14, 10)));
        network.eval();

        var expected = TorchLogits(network, Digits.Few);
        var actual = OnnxLogits(OnnxExporter.Export(network, "all"), Digits.Few);

        Assert.Equal(0, expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 1e-4f);
    }

    [Fact]
    public void Export_OfALayerWithoutCounterpart_NamesIt()
    {
        using var network = nn.Sequential(("flatten", nn.Flatten()), ("squash", nn.Tanh()));
        var error = Assert.Throws<NotSupportedException>(() => OnnxExporter.Export(network, "x"));
        Assert.Contains("'squash' (Tanh)", error.Message, StringComparison.Ordinal);
    }

    private static float[] TorchLogits(Sequential network, DigitSet digits)
    {
        network.eval();
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var images = tensor(Pixels(digits), [digits.Count, 1, 28, 28]);
        return network.forward(images).data<float>().ToArray();
    }

    private static float[] OnnxLogits(byte[] model, DigitSet digits)
    {
        using var session = new InferenceSession(model);
        var images = new DenseTensor<float>(Pixels(digits), [digits.Count, 1, 28, 28]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(OnnxExporter.InputName, images)], [OnnxExporter.OutputName]);
        return results[0].AsTensor<float>().ToArray();
    }

    private static float[] Pixels(DigitSet digits) => [.. digits.Pixels.ToArray().Select(pixel => pixel / 255f)];
}
