using MnistLab.Hosting;
using MnistLab.Training.Inputs;
using MnistLab.Training.Metrics;

namespace MnistLab.Training;

/// <summary>
/// Represents the options of a run: the parameters of <c>Mox.Run</c> as an object, which can be stored, shared by
/// several runs, and varied by a <c>with</c> expression.
/// </summary>
public sealed record RunOptions
{
    /// <summary>Gets the purpose of the run.</summary>
    public RunMode RunMode { get; init; } = RunMode.Train;

    /// <summary>Gets the number of samples per step, at least 1 and at most the size of the training set.</summary>
    public int BatchSize { get; init; } = 50;

    /// <summary>
    /// Gets the total number of training steps, at least 1, including those of the run that this one resumes.
    /// </summary>
    public long MaxNumberOfSteps { get; init; } = 1000;

    /// <summary>Gets the number of steps between reports on a training batch, at least 1.</summary>
    public int LogEveryNSteps { get; init; } = 10;

    /// <summary>Gets the number of steps between evaluations on the validation data; 0 for no evaluation.</summary>
    public int EvaluateEveryNSteps { get; init; }

    /// <summary>Gets the seed of the initial weights, the order of the samples, dropout, and augmentation.</summary>
    public long Seed { get; init; }

    /// <summary>Gets the number of threads that one operation may use, at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Gets the writer that receives the log lines; the console if null.</summary>
    public TextWriter? Log { get; init; }

    /// <summary>Gets the receiver of each report; null for none.</summary>
    public IProgress<StepReport>? Progress { get; init; }

    /// <summary>
    /// Gets the local folder for the checkpoints, metrics, and event log of the run; null for none. Training resumes
    /// from its newest checkpoint.
    /// </summary>
    public string? LogDir { get; init; }

    /// <summary>
    /// Gets the checkpoint file to load the weights from if <see cref="LogDir"/> has no checkpoint; null for none.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Gets the number of steps between checkpoints; 0 to save one only at the end.</summary>
    public long SaveModelSteps { get; init; }

    /// <summary>
    /// Gets the number of seconds between checkpoints; takes precedence over <see cref="SaveModelSteps"/>. 0 to count
    /// steps instead.
    /// </summary>
    public double SaveModelSecs { get; init; }

    /// <summary>
    /// Gets the number of newest checkpoints to keep, at least 1; the best one by validation loss is kept in addition.
    /// </summary>
    public int KeepCheckpoints { get; init; } = 5;

    /// <summary>
    /// Gets the number of steps between event-log entries for the learning rate and the distribution of the weights,
    /// at least 1.
    /// </summary>
    public int SaveSummarySteps { get; init; } = 100;

    /// <summary>Gets the local folder for the exported model; null for no export.</summary>
    public string? ExportModel { get; init; }

    /// <summary>Gets the hooks to call during training.</summary>
    public IReadOnlyList<RunHook> Hooks { get; init; } = [];

    /// <summary>Gets the augmentation of the training images; null for none.</summary>
    public AffineAugmentation? Augmentation { get; init; }

    /// <summary>Gets further hyper-parameters to record in the event log, by name; null for none.</summary>
    public IReadOnlyDictionary<string, string>? HyperParameters { get; init; }

    /// <summary>
    /// Gets whether the run uses the weights with the lowest validation loss rather than the last ones.
    /// </summary>
    public bool RestoreBestWeights { get; init; } = true;

    /// <summary>Gets the log: <see cref="Log"/>, or else the console.</summary>
    internal TextWriter Output => Log ?? Console.Out;

    /// <summary>Validates the options.</summary>
    /// <param name="hasOptimizer">Whether the run has an optimizer.</param>
    /// <exception cref="ArgumentException">An option is out of range or missing; the message names it.</exception>
    internal void Validate(bool hasOptimizer)
    {
        // The names in the messages are those of the parameters of Mox.Run, which nearly all callers use.
        NumberRange.RequireAtLeast(BatchSize, 1, "batchSize");
        NumberRange.RequireAtLeast(MaxNumberOfSteps, 1, "maxNumberOfSteps");
        NumberRange.RequireAtLeast(LogEveryNSteps, 1, "logEveryNSteps");
        NumberRange.RequireAtLeast(EvaluateEveryNSteps, 0, "evaluateEveryNSteps");
        NumberRange.RequireAtLeast(Threads, 1, "threads");
        NumberRange.RequireAtLeast(SaveSummarySteps, 1, "saveSummarySteps");
        NumberRange.RequireAtLeast(SaveModelSteps, 0, "saveModelSteps");
        NumberRange.Validate(SaveModelSecs >= 0, SaveModelSecs, "a number of at least 0", "saveModelSecs");
        if (RunMode == RunMode.Train && !hasOptimizer)
            throw new ArgumentException(
                "Training needs an optimizer: pass Mox.GetOptimizerFn(\"sgd\", learningRate: 0.01).",
                "optimizerFn");
        if (RunMode == RunMode.Export && ExportModel is null)
            throw new ArgumentException("An export needs an output folder: pass exportModel.", "exportModel");
    }
}
