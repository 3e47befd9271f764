using System.Diagnostics;
using System.Globalization;
using MnistLab.Data;
using MnistLab.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Benchmarks;

/// <summary>
/// The presets on the real MNIST, by test accuracy and by time, which is measured in the time of one epoch of the PyTorch MNIST example's network
/// at batch 64, in the same TorchSharp, with the same number of threads.
/// </summary>
internal static class TrainingBenchmark
{
    private const int Seeds = 3;
    private const int Threads = 1;

    public static Task FastAsync(Report report) => RunAsync(report, ModelPreset.Fast, 99.0, 98.9, 0.10);

    public static Task BestAsync(Report report) => RunAsync(report, ModelPreset.Best, 99.6, 99.5, 5);

    private static Task RunAsync(Report report, ModelPreset preset, double leastMean, double leastOfEach, double mostTime)
    {
        if (Environment.GetEnvironmentVariable(DatasetSource.Variable) is not { Length: > 0 } folder)
        {
            report.Skip($"preset {preset.Model}", $"{DatasetSource.Variable} is not set");
            return Task.CompletedTask;
        }

        var mnist = MnistDataset.Load(folder);
        var (train, validation) = TrainValidationSplit.Split(mnist.Train);
        var reference = Reference(mnist.Train);
        var (accuracies, times) = (new List<double>(), new List<double>());
        for (var seed = 0; seed < Seeds; seed++)
        {
            var watch = Stopwatch.StartNew();
            var steps = preset.Steps(train.Count);
            var run = Mox.Run(
                mode => mode == RunMode.Train ? train : validation,
                _ => ModelSpec.Classifier(DigitModels.Create(preset.Model)),
                preset.OptimizerFor(steps),
                batchSize: preset.BatchSize,
                maxNumberOfSteps: steps,
                augmentation: preset.Augmenter,
                seed: seed,
                threads: Threads,
                log: TextWriter.Null);
            times.Add(watch.Elapsed.TotalMilliseconds);
            using var network = run.Network;
            accuracies.Add(100 * Evaluation.Of(network, mnist.Test).Accuracy);
        }

        var all = string.Join(", ", accuracies.Select(accuracy => accuracy.ToString("F2", CultureInfo.InvariantCulture)));
        report.AtLeastValue($"preset {preset.Model}: test accuracy in %, mean of {all}", accuracies.Average(), leastMean);
        report.AtLeastValue($"preset {preset.Model}: test accuracy in %, lowest", accuracies.Min(), leastOfEach);
        report.AtMost($"preset {preset.Model}: training, time by the reference epoch", new Comparison(times.Average(), reference, "ms"), mostTime);
        return Task.CompletedTask;
    }

    /// <summary>One epoch of the network of PyTorch's MNIST example, as plainly as it can be written.</summary>
    private static double Reference(DigitSet train)
    {
        const int Batch = 64;
        set_num_threads(Threads);
        using Sequential network = nn.Sequential(
            ("conv1", nn.Conv2d(1, 32, 3)), ("relu1", nn.ReLU()), ("conv2", nn.Conv2d(32, 64, 3)), ("relu2", nn.ReLU()), ("pool", nn.MaxPool2d(2)), ("dropout1", nn.Dropout(0.25)),
            ("flatten", nn.Flatten()), ("hidden", nn.Linear(9216, 128)), ("relu3", nn.ReLU()), ("dropout2", nn.Dropout(0.5)), ("output", nn.Linear(128, 10)));
        using var optimizer = optim.Adadelta(network.parameters(), 1);
        using var images = tensor(train.Pixels.ToArray(), [train.Count, 1, 28, 28], ScalarType.Byte);
        using var labels = tensor(train.Labels.ToArray(), ScalarType.Byte).to_type(ScalarType.Int64);
        network.train();
        var watch = Stopwatch.StartNew();
        using var order = randperm(train.Count);
        for (var start = 0; start + Batch <= train.Count; start += Batch)
        {
            using var scope = NewDisposeScope();
            var samples = order.slice(0, start, start + Batch, 1);
            optimizer.zero_grad();
            nn.functional.cross_entropy(network.forward(((images.index_select(0, samples).to_type(ScalarType.Float32) / 255) - 0.1307) / 0.3081), labels.index_select(0, samples)).backward();
            optimizer.step();
        }

        return watch.Elapsed.TotalMilliseconds;
    }
}
