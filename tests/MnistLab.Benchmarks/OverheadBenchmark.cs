using MnistLab.Data;
using MnistLab.Testing;
using MnistLab.Training;
using static TorchSharp.torch;

namespace MnistLab.Benchmarks;

/// <summary>
/// What the run loop adds to the arithmetic of its steps, with the preset of the shortest steps: there it weighs most.
/// All times are the processor's; the peers take turns every few steps. Where its memory happens to lie makes a run some percent faster or slower
/// than the next: so there are several rounds, each with new networks and batches, and the one with the median ratio is told.
/// </summary>
internal static class OverheadBenchmark
{
    private const int Rounds = 9;
    private const int Steps = 600;
    private const int StepsPerTurn = 20;
    private const int SaveModelSteps = 200;
    private const int Batches = 10;
    private const int Threads = 1;

    /// <summary>The run loop, with its batches, reports and checks, by bare steps on a few batches that were made beforehand.</summary>
    public static Task LoopAsync(Report report)
    {
        if (Digits(report, "run loop") is not { } train) return Task.CompletedTask;
        report.AtMost("run loop: time by that of forward, backward and update alone", Median(next => Run(train, next), next => BareSteps(train, next)), 1.05);
        return Task.CompletedTask;
    }

    /// <summary>A run that keeps an event log and checkpoints, as often as a job does, by one that does not.</summary>
    public static Task FilesAsync(Report report)
    {
        if (Digits(report, "event log and checkpoints") is not { } train) return Task.CompletedTask;
        using var folder = new TemporaryFolder();
        // What happens once, such as the compilation of code, is no part of a step.
        Run(train, () => { }, folder["first"], 2 * SaveModelSteps);
        report.AtMost("event log and checkpoints: time of a run by one without", Median(next => Run(train, next, folder[$"{Guid.NewGuid()}"]), next => Run(train, next)), 1.02);
        return Task.CompletedTask;
    }

    private static Comparison Median(Action<Action> ours, Action<Action> peer)
    {
        var rounds = new List<Comparison>();
        for (var round = 0; round < Rounds; round++)
        {
            // Who begins is not always the same.
            var (first, second) = round % 2 == 0 ? Turns.Of(ours, peer) : Turns.Of(peer, ours);
            var (mine, theirs) = round % 2 == 0 ? (first, second) : (second, first);
            rounds.Add(new Comparison(mine.Processor, theirs.Processor, "ms"));
        }

        return rounds.OrderBy(comparison => comparison.Ratio).ElementAt(Rounds / 2);
    }

    private static DigitSet? Digits(Report report, string what)
    {
        if (Environment.GetEnvironmentVariable(DatasetSource.Variable) is { Length: > 0 } folder) return TrainValidationSplit.Split(MnistDataset.Load(folder).Train).Train;
        report.Skip(what, $"{DatasetSource.Variable} is not set");
        return null;
    }

    private static void Run(DigitSet train, Action next, string? logDir = null, int steps = Steps)
    {
        var preset = ModelPreset.Fast;
        Mox.Run(
            _ => train,
            _ => preset.CreateModel(),
            preset.OptimizerFor(Steps),
            batchSize: preset.BatchSize,
            maxNumberOfSteps: steps,
            threads: Threads,
            log: TextWriter.Null,
            logDir: logDir,
            saveModelSteps: SaveModelSteps,
            hooks: [new EveryFewSteps(next)]).Network.Dispose();
    }

    private static void BareSteps(DigitSet train, Action next)
    {
        set_num_threads(Threads);
        var preset = ModelPreset.Fast;
        using var network = DigitModels.Create(preset.Model);
        using var optimizer = preset.OptimizerFor(Steps).Create(network.parameters());
        using var data = NewDisposeScope();
        // Not one batch alone: a network that knows it by heart has gradients so small that the processor becomes slow with them.
        var images = tensor(train.Pixels[..(Batches * preset.BatchSize * train.Rows * train.Columns)].ToArray(), [Batches, preset.BatchSize, 1, train.Rows, train.Columns], ScalarType.Byte)
            .to_type(ScalarType.Float32).div(255).unbind();
        var labels = tensor(train.Labels[..(Batches * preset.BatchSize)].ToArray(), [Batches, preset.BatchSize], ScalarType.Byte).to_type(ScalarType.Int64).unbind();
        network.train();
        for (var step = 1; step <= Steps; step++)
        {
            using (NewDisposeScope())
            {
                optimizer.zero_grad();
                nn.functional.cross_entropy(network.forward(images[step % Batches]), labels[step % Batches], label_smoothing: preset.LabelSmoothing).backward();
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
