using System.Runtime.InteropServices;
using MnistLab.Data.Datasets;
using MnistLab.Data.Sources;
using MnistLab.Testing;
using MnistLab.Training;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.EventLog;
using MnistLab.Training.Networks;
using static TorchSharp.torch;

namespace MnistLab.Benchmarks;

/// <summary>
/// Measures what the run loop adds to the arithmetic of its steps, with the preset that has the shortest steps, for
/// which the overhead matters most. All times are processor times, and the peers alternate every few steps. Memory
/// placement makes a run a few percent faster or slower than the next one, so there are several rounds, each with new
/// networks and batches, and the round with the median ratio is reported.
/// </summary>
internal static class OverheadBenchmark
{
    private const int Rounds = 9;
    private const int Steps = 600;
    private const int StepsPerTurn = 20;
    private const int SaveModelSteps = 200;
    private const int SaveSummarySteps = 100;
    private const int LogEveryNSteps = 10;
    private const int Threads = 1;

    /// <summary>
    /// Compares the run loop, with its batches, reports, and checks, with bare steps on batches that were prepared
    /// beforehand.
    /// </summary>
    public static Task LoopAsync(Report report)
    {
        if (Digits(report, "run loop") is not { } train) return Task.CompletedTask;
        report.AtMost(
            "run loop: time by that of forward, backward and update alone",
            Median(next => Run(train, next), next => BareSteps(train, next)),
            1.05);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Compares the time that a run spends on its event log and checkpoints, at a job's usual intervals, with the time
    /// of its steps.
    /// </summary>
    public static Task FilesAsync(Report report)
    {
        if (Digits(report, "event log and checkpoints") is not { } train) return Task.CompletedTask;
        using var folder = new TemporaryFolder();
        report.AtMost(
            "event log and checkpoints: time by that of the steps",
            Median(next => Files(folder[$"{Guid.NewGuid()}"], next), next => BareSteps(train, next)),
            0.02);
        return Task.CompletedTask;
    }

    private static void Files(string logDir, Action next)
    {
        var preset = ModelPreset.Fast;
        using var network = DigitModels.Create(preset.Model);
        using var optimizer = preset.OptimizerFor(Steps).Create(network.parameters());
        // An optimizer has no state to save before its first step.
        using (NewDisposeScope()) network.forward(rand(preset.BatchSize, 1, 28, 28)).sum().backward();
        optimizer.step();
        using var events = new EventLogWriter(logDir, TimeProvider.System);
        var checkpoints = new CheckpointFolder(Path.Combine(logDir, "checkpoints"));
        for (var step = 1; step <= Steps; step++)
        {
            if (step % SaveSummarySteps == 0)
            {
                events.Scalar("learning_rate", preset.LearningRate, step);
                foreach (var (name, parameter) in network.named_parameters()) events.Histogram(
                    name, MemoryMarshal.Cast<byte, float>(parameter.bytes), step);
                events.Flush();
            }

            if (step % LogEveryNSteps == 0)
            {
                foreach (var tag in new[] { "train/loss", "train/accuracy", "samples_per_second" }) events.Scalar(tag, step, step);
                events.Flush();
            }

            if (step % SaveModelSteps == 0) checkpoints.Save(step, network, optimizer, preset.Optimizer, new Dictionary<string, double>());
            if (step % StepsPerTurn == 0) next();
        }
    }

    private static Comparison Median(Action<Action> ours, Action<Action> peer)
    {
        var rounds = new List<Comparison>();
        for (var round = 0; round < Rounds; round++)
        {
            // The peer that starts alternates.
            var (first, second) = round % 2 == 0 ? Turns.Of(ours, peer) : Turns.Of(peer, ours);
            var (mine, theirs) = round % 2 == 0 ? (first, second) : (second, first);
            rounds.Add(new Comparison(mine.Processor, theirs.Processor, "ms"));
        }

        return rounds.OrderBy(comparison => comparison.Ratio).ElementAt(Rounds / 2);
    }

    private static ImageDataset? Digits(Report report, string what)
    {
        if (Environment.GetEnvironmentVariable(DatasetSource.Variable) is { Length: > 0 } folder)
            return TrainValidationSplit.Split(MnistDataset.Load(folder).Train).Train;
        report.Skip(what, $"{DatasetSource.Variable} is not set");
        return null;
    }

    private static void Run(ImageDataset train, Action next)
    {
        var preset = ModelPreset.Fast;
        Mox.Run(
            _ => train,
            _ => preset.CreateModel(),
            preset.OptimizerFor(Steps),
            batchSize: preset.BatchSize,
            maxNumberOfSteps: Steps,
            threads: Threads,
            log: TextWriter.Null,
            hooks: [new EveryFewSteps(next)]).Network.Dispose();
    }

    private static void BareSteps(ImageDataset train, Action next)
    {
        set_num_threads(Threads);
        var preset = ModelPreset.Fast;
        using var network = DigitModels.Create(preset.Model);
        var (optimizerFn, batches) = (preset.OptimizerFor(Steps), train.Count / preset.BatchSize);
        using var optimizer = optimizerFn.Create(network.parameters());
        using var data = NewDisposeScope();
        // Uses as many batches and the same learning rates as a run: the speed of the arithmetic depends on the
        // numbers, in particular on very small ones, and a network that memorizes a few batches or learns slowly has
        // different numbers.
        var images = tensor(
            train.Pixels[..(batches * preset.BatchSize * train.Rows * train.Columns)].ToArray(),
            [batches, preset.BatchSize, 1, train.Rows, train.Columns],
            ScalarType.Byte)
            .to_type(ScalarType.Float32).div(255).unbind();
        var labels = tensor(
            train.Labels[..(batches * preset.BatchSize)].ToArray(),
            [batches, preset.BatchSize],
            ScalarType.Byte).to_type(ScalarType.Int64).unbind();
        network.train();
        for (var step = 1; step <= Steps; step++)
        {
            using (NewDisposeScope())
            {
                foreach (var group in optimizer.ParamGroups) group.LearningRate = optimizerFn.LearningRate.At(step - 1);
                optimizer.zero_grad();
                nn.functional.cross_entropy(
                    network.forward(images[step % batches]),
                    labels[step % batches],
                    label_smoothing: preset.LabelSmoothing).backward();
                optimizer.step();
            }

            if (step % StepsPerTurn == 0) next();
        }
    }

    private sealed class EveryFewSteps(Action next) : RunHook
    {
        public override void AfterStep(RunContext run, double loss)
        {
            if (run.Step % StepsPerTurn == 0) next();
        }
    }
}
