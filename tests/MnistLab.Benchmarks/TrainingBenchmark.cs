using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Data.Sources;
using MnistLab.Training;
using MnistLab.Training.Results;
using static TorchSharp.torch;

namespace MnistLab.Benchmarks;

/// <summary>
/// Measures the presets on the real MNIST: their accuracy on the test set, and their training time in reference epochs
/// (<see cref="ReferenceEpoch"/>), each of which is timed in parts between the runs, with the same number of threads.
/// No decisions are made during such a run, neither when it ends nor which weights it keeps, so <c>best</c> trains on
/// all 60,000 training images, as is usual once validation is complete. The test set is used once, at the end of each
/// run.
/// </summary>
internal static class TrainingBenchmark
{
    private const int Seeds = 3;

    /// <summary>The number of threads of all training here.</summary>
    public const int Threads = 1;

    public static Task FastAsync(Report report) => RunAsync(report, ModelPreset.Fast, false, 99.0, 98.9, 0.10);

    public static Task BestAsync(Report report) => RunAsync(report, ModelPreset.Best, true, 99.6, 99.5, 5);

    private static Task RunAsync(Report report, ModelPreset preset, bool isOnAll, double leastMean, double leastOfEach, double mostTime)
    {
        if (Environment.GetEnvironmentVariable(DatasetSource.Variable) is not { Length: > 0 } folder)
        {
            report.Skip($"preset {preset.Model}", $"{DatasetSource.Variable} is not set");
            return Task.CompletedTask;
        }

        set_num_threads(Threads);
        var mnist = MnistDataset.Load(folder);
        var (train, validation) = TrainValidationSplit.Split(mnist.Train);
        using var reference = new ReferenceEpoch(mnist.Train);
        var (accuracies, ratios, clockRatios) = (new List<double>(), new List<double>(), new List<double>());
        // Runs a part of the reference epoch before each run and one after the last, so that other load on the machine
        // affects both alike.
        var before = reference.Part(Seeds + 1);
        var (ours, peer) = (0.0, 0.0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            RunResult? run = null;
            var duration = Duration.Of(() => run = Train(preset, isOnAll ? mnist.Train : train, validation, seed));
            using var network = run!.Network;
            var after = reference.Part(Seeds + 1);
            var epoch = (before + after) * 0.5;
            ratios.Add(duration.Processor / epoch.Processor);
            clockRatios.Add(duration.Clock / epoch.Clock);
            (ours, peer) = (ours + (duration.Processor / Seeds), peer + (epoch.Processor / Seeds));
            before = after;
            accuracies.Add(100 * Evaluation.Compute(network, mnist.Test).Accuracy);
            report.Note(
                $"  seed {seed}: {Each([accuracies[^1]], "F2")}% in {Each([ratios[^1]], "F3")} reference epochs of processor time, {Each([clockRatios[^1]], "F3")} by the clock");
        }

        report.AtLeastValue(
            $"preset {preset.Model}: test accuracy in %, mean (± {Each([Deviation(accuracies)], "F2")})",
            accuracies.Average(),
            leastMean);
        report.AtLeastValue($"preset {preset.Model}: test accuracy in %, lowest", accuracies.Min(), leastOfEach);
        report.AtMost(
            $"preset {preset.Model}: time by the reference epoch's (± {Each([Deviation(ratios)], "F3")})",
            new Comparison(ours, peer, "ms"),
            mostTime);
        return Task.CompletedTask;
    }

    public static RunResult Train(ModelPreset preset, ImageDataset train, ImageDataset validation, int seed)
    {
        var steps = preset.Steps(train.Count);
        return Mox.Run(
            mode => mode == RunMode.Train ? train : validation,
            _ => preset.CreateModel(),
            preset.OptimizerFor(steps),
            batchSize: preset.BatchSize,
            maxNumberOfSteps: steps,
            augmentation: preset.Augmenter,
            seed: seed,
            threads: Threads,
            log: TextWriter.Null);
    }

    private static string Each(IEnumerable<double> values, string format) =>
        string.Join(", ", values.Select(value => value.ToString(format, CultureInfo.InvariantCulture)));

    private static double Deviation(List<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }
}
