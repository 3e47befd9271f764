using System.Globalization;
using System.Text.Json;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Training;
using MnistLab.Training.Inputs;

namespace MnistLab.TrainingProgram;

/// <summary>
/// Trains on the bundled sample, on as many workers as the program is started with, and writes the result of each
/// worker to <c>worker-0.json</c>, and so on.
/// </summary>
internal static class ParallelRun
{
    /// <summary>The first argument that selects this program.</summary>
    public const string Argument = "parallel";

    /// <summary>Trains a model.</summary>
    /// <param name="options">The options, as JSON.</param>
    public static void Run(string options)
    {
        var given = JsonSerializer.Deserialize<TrainingOptions>(options)!;
        var (train, validation) = TrainValidationSplit.Split(MnistDataset.Load(Workspace.Find().SampleFolder).Train);
        var preset = ModelPreset.Find(given.Model);
        var schedule = LearningRateSchedule.OneCycle(given.LearningRate, 60);
        var run = Mox.Run(
            mode => mode == RunMode.Train ? train : validation,
            _ => preset.CreateModel(),
            Mox.GetOptimizerFn(given.Optimizer, schedule, weightDecay: 0.01),
            batchSize: given.BatchSize,
            maxNumberOfSteps: given.Steps,
            logEveryNSteps: 1,
            evaluateEveryNSteps: given.Steps,
            seed: given.Seed,
            logDir: given.LogDir,
            augmentation: given.Augmentation ? new AffineAugmentation(1) : null,
            hooks: given.StopAfter > 0 ? [new StopAfter(given.StopAfter)] : null,
            restoreBestWeights: false);
        var weights = run.Network.state_dict()
            .Where(item => item.Value.dtype == TorchSharp.torch.ScalarType.Float32)
            .OrderBy(item => item.Key, StringComparer.Ordinal)
            .SelectMany(item => item.Value.data<float>().ToArray())
            .ToArray();
        var result = new TrainedWorker(
            [.. run.Reports.Select(report => report.Loss)],
            [.. run.Reports.Select(report => report.Accuracy)],
            weights,
            run.StartStep,
            CatchesNullReferences());
        var name = string.Create(CultureInfo.InvariantCulture, $"worker-{JobEnvironment.WorkerIndex}.json");
        File.WriteAllText(Path.Combine(given.Output, name), JsonSerializer.Serialize(result));
    }

    /// <summary>Returns whether .NET still detects null references, which it does with a signal.</summary>
    private static bool CatchesNullReferences()
    {
        string? nothing = Environment.GetEnvironmentVariable("NO_SUCH_VARIABLE");
        try
        {
            return nothing!.Length < 0;
        }
        catch (NullReferenceException)
        {
            return true;
        }
    }

    /// <summary>Represents a hook that stops a run on the first worker only; the others must stop as well.</summary>
    private sealed class StopAfter(long step) : RunHook
    {
        public override void AfterStep(RunContext run, double loss)
        {
            if (run.Step == step && JobEnvironment.IsFirstWorker) run.Stop("enough");
        }
    }
}

/// <summary>Represents the model to train and the options of its training.</summary>
internal sealed record TrainingOptions(
    string Output,
    string Model,
    string Optimizer,
    double LearningRate,
    int BatchSize,
    int Steps,
    long Seed = 4,
    string? LogDir = null,
    bool Augmentation = false,
    long StopAfter = 0);

/// <summary>Represents the result of a worker.</summary>
/// <param name="Losses">The loss of each report: of each step, then of the validation data.</param>
/// <param name="Accuracies">The accuracies of the same reports.</param>
/// <param name="Weights">All weights and running statistics, in the order of their names.</param>
/// <param name="StartStep">The step after which the run began.</param>
/// <param name="CatchesNullReferences">Whether .NET still detects null references.</param>
internal sealed record TrainedWorker(
    double[] Losses, double[] Accuracies, float[] Weights, long StartStep, bool CatchesNullReferences);
