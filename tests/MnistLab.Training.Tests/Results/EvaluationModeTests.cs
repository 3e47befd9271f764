using MnistLab.Training.Networks;
using MnistLab.Training.Results;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

public sealed class EvaluationModeTests
{
    [Fact]
    public void Evaluation_ThatThrows_LeavesTheModeOfTheNetwork()
    {
        using var network = Failing();
        network.train();

        Assert.ThrowsAny<Exception>(() => Evaluation.Compute(network, Digits.Few));

        Assert.True(network.training);
    }

    [Fact]
    public void Saliency_ThatThrows_LeavesTheModeOfTheNetwork()
    {
        using var network = Failing();
        network.train();

        Assert.ThrowsAny<Exception>(() => Saliency.Compute(network, Digits.Few, 0));

        Assert.True(network.training);
    }

    [Fact]
    public void Run_ToEvaluateThatThrows_LeavesTheModeOfTheNetwork()
    {
        using var network = Failing();
        network.train();

        Assert.ThrowsAny<Exception>(() => Mox.Run(
            _ => Digits.Few, _ => ModelSpec.Classifier(network) with { IsTrained = true }, runMode: RunMode.Eval, log: TextWriter.Null));

        Assert.True(network.training);
    }

    [Fact]
    public void Evaluation_OfANetworkWithAFrozenLayer_LeavesTheModeOfEachLayer()
    {
        using var network = DigitModels.FastNetwork();
        network.train();
        var frozen = network.named_children().Single(item => item.name == "norm1").module;
        frozen.eval();

        Evaluation.Compute(network, Digits.Few);

        Assert.Equal([true, false], new[] { network.training, frozen.training });
        Assert.True(network.named_children().Single(item => item.name == "norm2").module.training);
    }

    private static Sequential Failing() =>
        nn.Sequential(("fails", new FailsOnInk()), ("flatten", nn.Flatten()), ("output", nn.Linear(784, 10)));

    /// <summary>Throws for every image that is not black.</summary>
    private sealed class FailsOnInk() : nn.Module<Tensor, Tensor>(nameof(FailsOnInk))
    {
        public override Tensor forward(Tensor input)
        {
            using var ink = input.sum();
            return ink.item<float>() > 0 ? throw new InvalidOperationException("as asked") : input.alias();
        }
    }
}
