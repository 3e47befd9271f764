using MnistLab.Data;
using MnistLab.Testing;
using MnistLab.Training;
using static TorchSharp.torch;

namespace MnistLab.Benchmarks;

/// <summary>
/// What the run loop adds to the arithmetic of its steps, with the preset of the shortest steps: there it weighs most.
/// All times are the processor's; the peers take turns every few steps.
/// </summary>
internal static class OverheadBenchmark
{
    private const int Steps = 2400;
    private const int StepsPerTurn = 20;
    private const int SaveModelSteps = 200;
    private const int Batches = 10;
    private const int Threads = 1;

    /// <summary>The run loop, with its batches, reports and checks, by bare steps on a few batches that were made beforehand.</summary>
    public static Task LoopAsync(Report report)
    {
        if (Digits(report, "run loop") is not { } train) return Task.CompletedTask;
        var (ours, bare) = Turns.Of(next => Run(train, next), next => BareSteps(train, next));
        report.AtMost("run loop: time by that of forward, backward and update alone", new Comparison(ours.Processor, bare.Processor, "ms"), 1.05);
        return Task.CompletedTask;
    }

    /// <summary>A run that keeps an event log and checkpoints, as often as a job does, by one that does not.</summary>
    public static Task FilesAsync(Report report)
    {
        if (Digits(report, "event log and checkpoints") is not { } train) return Task.CompletedTask;
        using var folder = new TemporaryFolder();
        // What happens once, such as the compilation of code, is no part of a step.
        Run(train, () => { }, folder["first"], 2 * SaveModelSteps);
        var (with, without) = Turns.Of(next => Run(train, next, folder["second"]), next => Run(train, next));
        report.AtMost("event log and checkpoints: time of a run by one without", new Comparison(with.Processor, without.Processor, "ms"), 1.02);
        return Task.CompletedTask;
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
