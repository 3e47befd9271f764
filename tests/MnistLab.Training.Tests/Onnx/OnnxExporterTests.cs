using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MnistLab.Data.Datasets;
using MnistLab.Training.Networks;
using MnistLab.Training.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

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
            ("inner", nn.Sequential(
                ("grouped", nn.Conv2d(4, 8, 3, padding: 1, groups: 4, bias: false)),
                ("tanh", nn.Tanh()),
                ("drop", nn.Dropout2d(0.5)),
                ("average", nn.AvgPool2d(3, stride: 2, padding: 1)))),
            ("flatten", nn.Flatten()),
            ("hidden", nn.Linear(8 * 7 * 7, 20, hasBias: false)),
            ("norm1", nn.BatchNorm1d(20)),
            ("sigmoid", nn.Sigmoid()),
            ("linear", nn.Linear(20, 10)),
            ("same", nn.Identity()));
        network.eval();

        AssertSameLogits(network, OnnxLayers.Default);
    }

    [Fact]
    public void Export_OfANetworkOfTheUsersOwnClass_WritesWhatTheRegisteredFunctionSays()
    {
        random.manual_seed(3);
        using var network = new Residual();
        network.eval();

        AssertSameLogits(network, OnnxLayers.Default.With<Residual>(Residual.Write));
    }

    [Fact]
    public void Export_OfANetworkOfAnUnknownClass_NamesItAndTheWayToWriteIt()
    {
        using var network = new Residual();

        var error = Assert.Throws<NotSupportedException>(() => OnnxExporter.Export(network, "x"));

        Assert.Contains("The network (Residual) cannot be exported to ONNX", error.Message, StringComparison.Ordinal);
        Assert.Contains("OnnxLayers.Default.With<Residual>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_OfALayerWithoutCounterpart_NamesItAndListsWhatCanBeExported()
    {
        using var network = nn.Sequential(("flatten", nn.Flatten()), ("block", nn.Sequential(("squash", nn.Softsign()))));

        var error = Assert.Throws<NotSupportedException>(() => OnnxExporter.Export(network, "x"));

        Assert.Contains("'block.squash' (Softsign)", error.Message, StringComparison.Ordinal);
        Assert.Contains("AvgPool2d, BatchNorm1d, BatchNorm2d, Conv2d,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_OfALayerThatIsRegistered_GivesTheSameLogits()
    {
        random.manual_seed(3);
        using var network = nn.Sequential(("flatten", nn.Flatten()), ("squash", nn.Softsign()), ("output", nn.Linear(784, 10)));

        AssertSameLogits(network, OnnxLayers.Default.With<Softsign>((_, writer) => writer.Node("Softsign")));
    }

    [Fact]
    public void Export_OfOptionsWithoutCounterpart_NamesTheLayer()
    {
        using var network = nn.Sequential(("norm", nn.BatchNorm2d(1, affine: false)), ("flatten", nn.Flatten()));

        var error = Assert.Throws<NotSupportedException>(() => OnnxExporter.Export(network, "x"));

        Assert.Contains(
            "The layer 'norm' (BatchNorm2d) cannot be exported to ONNX with these options",
            error.Message,
            StringComparison.Ordinal);
    }

    private static void AssertSameLogits(nn.Module<Tensor, Tensor> network, OnnxLayers layers)
    {
        var expected = TorchLogits(network, Digits.Few);
        var actual = OnnxLogits(OnnxExporter.Export(network, "all", layers), Digits.Few);

        Assert.True(expected.Max() - expected.Min() > 0.1, "The logits are all alike: the comparison would prove nothing.");
        Assert.Equal(0, expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 1e-4f);
    }

    private static float[] TorchLogits(nn.Module<Tensor, Tensor> network, ImageDataset digits)
    {
        network.eval();
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var images = tensor(Pixels(digits), [digits.Count, 1, 28, 28]);
        return network.forward(images).data<float>().ToArray();
    }

    private static float[] OnnxLogits(byte[] model, ImageDataset digits)
    {
        using var session = new InferenceSession(model);
        var images = new DenseTensor<float>(Pixels(digits), [digits.Count, 1, 28, 28]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(OnnxExporter.InputName, images)], [OnnxExporter.OutputName]);
        return results[0].AsTensor<float>().ToArray();
    }

    private static float[] Pixels(ImageDataset digits) => [.. digits.Pixels.ToArray().Select(pixel => pixel / 255f)];

    /// <summary>
    /// A network that adds the result of its second layer to its input, so it is not a chain of layers.
    /// </summary>
    private sealed class Residual : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _first = nn.Conv2d(1, 4, 5, stride: 2);
        private readonly nn.Module<Tensor, Tensor> _second = nn.Conv2d(4, 4, 3, padding: 1);
        private readonly nn.Module<Tensor, Tensor> _output = nn.Sequential(
            ("flatten", nn.Flatten()), ("linear", nn.Linear(4 * 12 * 12, 10)));

        public Residual() : base(nameof(Residual)) => RegisterComponents();

        public static string Write(Residual network, OnnxLayerWriter writer)
        {
            var first = writer.Layer("first", network._first, writer.Input);
            var second = writer.Layer("second", network._second, first);
            return writer.Layer("output", network._output, writer.Node("Add", [first, second], "sum"));
        }

        public override Tensor forward(Tensor images)
        {
            var first = _first.forward(images);
            return _output.forward(first + _second.forward(first));
        }
    }
}
