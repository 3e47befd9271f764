using MnistLab.Training.Inputs;
using MnistLab.Training.Networks;

using static TorchSharp.torch;

namespace MnistLab.Training.Tests;

/// <summary>Tests that a run on one worker computes the same as the simplest possible loop, bit for bit.</summary>
public sealed class PlainLoopTests
{
    [Theory]
    [InlineData(DigitModels.Softmax, "sgd")]
    [InlineData(DigitModels.LeNet, "momentum")]
    [InlineData(DigitModels.Fast, "adamw")]
    [InlineData(DigitModels.Best, "adamw")]
    public void Run_OnOneWorker_HasTheWeightsOfAPlainLoop(string model, string optimizer)
    {
        const int Steps = 12;
        const int BatchSize = 32;
        const int Seed = 9;
        var augmentation = new AffineAugmentation(1);
        var run = Mox.Run(
            _ => Digits.Few,
            _ => ModelSpec.Classifier(DigitModels.Create(model), labelSmoothing: 0.05),
            Mox.GetOptimizerFn(optimizer, 0.01),
            batchSize: BatchSize,
            maxNumberOfSteps: Steps,
            evaluateEveryNSteps: 5,
            seed: Seed,
            augmentation: augmentation,
            restoreBestWeights: false,
            log: TextWriter.Null);
        using var network = run.Network;

        random.manual_seed(Seed).Dispose();
        using var plain = DigitModels.Create(model);
        using var plainOptimizer = Mox.GetOptimizerFn(optimizer, 0.01).Create(plain.parameters());
        using var batches = new DigitBatches(Digits.Few);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var (images, labels, _) = batches.OfStep(step, BatchSize, Seed);
            random.manual_seed(SeedDerivation.SeedOf(Seed, SeedDerivation.Step, step + 1)).Dispose();
            plainOptimizer.zero_grad();
            plain.train();
            var logits = plain.forward(augmentation.Apply(images));
            nn.functional.cross_entropy(logits, labels, label_smoothing: 0.05).backward();
            plainOptimizer.step();
        }

        Assert.Equal(Bytes(plain), Bytes(network));
    }

    private static byte[] Bytes(nn.Module network) =>
        [.. network.state_dict().OrderBy(item => item.Key, StringComparer.Ordinal).SelectMany(item => item.Value.bytes.ToArray())];
}
