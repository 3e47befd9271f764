using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Storage.Files;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.Inputs;
using MnistLab.Training.Metrics;
using MnistLab.Training.Optimizers;
using MnistLab.Training.Workers;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>
/// Provides the run loop, modeled on MoXing's <c>mox.run</c>: you supply the data, the model, and the optimizer;
/// batching, training steps, logging, and evaluation are done for you. Names map one-to-one to those of MoXing
/// (<c>log_every_n_steps</c> → <c>logEveryNSteps</c>).
/// </summary>
public static partial class Mox
{
    internal const string CheckpointsName = "checkpoints";

    // A failure is not cached: the caller can set the missing variables and read the property again.
    private static readonly Lazy<MoxFile> LazyFile = new(
        () => new MoxFile(Workspace.Find().OpenStore()), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Gets the optimizer names that <see cref="GetOptimizerFn(string, double)"/> accepts.</summary>
    public static IReadOnlyList<string> OptimizerNames { get; } = ["sgd", "momentum", "adagrad", "adadelta", "rmsprop", "adam", "adamw"];

    /// <summary>
    /// Gets the API for files and directories, both on this machine and in the workspace's object store, modeled on
    /// MoXing's <c>mox.file</c>. The store is opened once.
    /// </summary>
    /// <exception cref="WorkspaceException">The current folder is not in a workspace.</exception>
    /// <exception cref="ObjectStoreException">
    /// Some of the variables that configure the object-storage server are missing.
    /// </exception>
    public static MoxFile File => LazyFile.Value;

    /// <summary>
    /// Runs a model: trains it for a number of steps, evaluates it, computes its outputs, or exports it for serving.
    /// </summary>
    /// <param name="inputFn">
    /// Returns the data for a run mode: the images to train on, to validate on, or to predict. Not called for
    /// <see cref="RunMode.Export"/>.
    /// </param>
    /// <param name="modelFn">Creates the model; called once, after the seed is set.</param>
    /// <param name="optimizerFn">
    /// The optimizer, from <see cref="GetOptimizerFn(string, double)"/>; required for <see cref="RunMode.Train"/> only.
    /// </param>
    /// <param name="runMode">The purpose of the run.</param>
    /// <param name="batchSize">
    /// The number of samples per step, at least 1 and at most the size of the training set. Batching is automatic, as
    /// in MoXing with its default <c>auto_batch=True</c>.
    /// </param>
    /// <param name="maxNumberOfSteps">
    /// The total number of training steps, at least 1, including those of the run that this one resumes.
    /// </param>
    /// <param name="logEveryNSteps">The number of steps between reports on a training batch, at least 1.</param>
    /// <param name="evaluateEveryNSteps">
    /// The number of steps between evaluations on the validation data; 0 for no evaluation.
    /// </param>
    /// <param name="seed">
    /// The seed of the initial weights and of the order of the samples: the same seed, data, and options give the same
    /// weights.
    /// </param>
    /// <param name="threads">
    /// The number of threads that one operation may use, at least 1. For networks this small, a second thread saves
    /// little, and it costs much while other programs use the processor, because the threads wait for each other. More
    /// threads also make the last bits of the weights depend on the machine.
    /// </param>
    /// <param name="log">The writer that receives the log lines; the console if null.</param>
    /// <param name="progress">Receives each report as it is made.</param>
    /// <param name="logDir">
    /// A local folder for the files of the run; null for none. Training saves its checkpoints in its <c>checkpoints</c>
    /// subfolder, resumes from the newest one there, and writes an event log for TensorBoard.
    /// </param>
    /// <param name="checkpointPath">
    /// The checkpoint file to load the weights from if <paramref name="logDir"/> has no checkpoint; training with them
    /// starts at step 1.
    /// </param>
    /// <param name="saveModelSteps">The number of steps between checkpoints; 0 to save one only at the end.</param>
    /// <param name="saveModelSecs">
    /// The number of seconds between checkpoints; takes precedence over <paramref name="saveModelSteps"/>, unless it
    /// is 0.
    /// </param>
    /// <param name="keepCheckpoints">
    /// The number of newest checkpoints to keep, at least 1; the best one by validation loss is kept in addition.
    /// </param>
    /// <param name="saveSummarySteps">
    /// The number of steps between event-log entries for the learning rate and the distribution of the weights, at
    /// least 1.
    /// </param>
    /// <param name="exportModel">
    /// A local folder for the exported model: the first export is written to <c>1/model.onnx</c> in it, the next to
    /// <c>2/model.onnx</c>. Null for no export.
    /// </param>
    /// <param name="hooks">The hooks to call during training; null for none.</param>
    /// <param name="augmentation">The augmentation of the training images; null for none.</param>
    /// <param name="hyperParameters">
    /// Further hyper-parameters to record in the event log, by name, for comparing runs; null for none.
    /// </param>
    /// <param name="restoreBestWeights">
    /// Whether the run uses the weights with the lowest validation loss rather than the last ones: training returns and
    /// exports them (regular checkpoints keep the last weights, to resume from), and the other modes load them. The log
    /// reports it. If false, or without evaluation, the last weights are used.
    /// </param>
    /// <param name="cancellationToken">A token to end training after the current step; a checkpoint is saved.</param>
    /// <returns>The network and the results of the run.</returns>
    /// <exception cref="ArgumentException">
    /// An option is out of range, training has no optimizer, another mode has no weights, there are no images, or the
    /// network does not accept their size.
    /// </exception>
    /// <exception cref="InvalidDataException">The metrics log of <paramref name="logDir"/> is damaged.</exception>
    /// <exception cref="CheckpointException">
    /// The checkpoint is damaged, belongs to another network or optimizer, or is beyond the last step.
    /// </exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="MpiException">
    /// The program was started on several workers, but MPI is missing, or their data or options differ.
    /// </exception>
    /// <remarks>
    /// If a launcher such as <c>mpiexec</c> starts the program several times, these workers train together: each
    /// computes its share of every batch, and all update the same weights with the gradients of the whole batch. The
    /// loss must be a mean over samples. Only the first worker writes files; each returns the same result.
    /// <para>
    /// A run changes state of the whole process: <paramref name="threads"/> sets the number of threads of all of
    /// TorchSharp's operations, and <paramref name="seed"/> seeds its global random generator, which training seeds again
    /// in every step. Both keep their values after the run, so two runs at the same time in one process are not
    /// reproducible. The network is returned in evaluation mode.
    /// </para>
    /// </remarks>
    public static RunResult Run(
        Func<RunMode, ImageDataset> inputFn,
        Func<RunMode, ModelSpec> modelFn,
        OptimizerFn? optimizerFn = null,
        RunMode runMode = RunMode.Train,
        int batchSize = 50,
        long maxNumberOfSteps = 1000,
        int logEveryNSteps = 10,
        int evaluateEveryNSteps = 0,
        long seed = 0,
        int threads = 1,
        TextWriter? log = null,
        IProgress<StepReport>? progress = null,
        string? logDir = null,
        string? checkpointPath = null,
        long saveModelSteps = 0,
        double saveModelSecs = 0,
        int keepCheckpoints = 5,
        int saveSummarySteps = 100,
        string? exportModel = null,
        IReadOnlyList<RunHook>? hooks = null,
        AffineAugmentation? augmentation = null,
        IReadOnlyDictionary<string, string>? hyperParameters = null,
        bool restoreBestWeights = true,
        CancellationToken cancellationToken = default) => Run(inputFn, modelFn, optimizerFn, new RunOptions
        {
            RunMode = runMode,
            BatchSize = batchSize,
            MaxNumberOfSteps = maxNumberOfSteps,
            LogEveryNSteps = logEveryNSteps,
            EvaluateEveryNSteps = evaluateEveryNSteps,
            Seed = seed,
            Threads = threads,
            Log = log,
            Progress = progress,
            LogDir = logDir,
            CheckpointPath = checkpointPath,
            SaveModelSteps = saveModelSteps,
            SaveModelSecs = saveModelSecs,
            KeepCheckpoints = keepCheckpoints,
            SaveSummarySteps = saveSummarySteps,
            ExportModel = exportModel,
            Hooks = hooks ?? [],
            Augmentation = augmentation,
            HyperParameters = hyperParameters,
            RestoreBestWeights = restoreBestWeights,
        }, cancellationToken);

    /// <summary>
    /// Runs a model with options that are given as an object, for example to vary one of them in a series of runs:
    /// <c>options with { Seed = 2 }</c>. Otherwise the same as the other overload.
    /// </summary>
    /// <param name="inputFn">Returns the data for a run mode.</param>
    /// <param name="modelFn">Creates the model; called once, after the seed is set.</param>
    /// <param name="optimizerFn">The optimizer; required for <see cref="RunMode.Train"/> only.</param>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">A token to end training after the current step; a checkpoint is saved.</param>
    /// <returns>The network and the results of the run.</returns>
    public static RunResult Run(
        Func<RunMode, ImageDataset> inputFn,
        Func<RunMode, ModelSpec> modelFn,
        OptimizerFn? optimizerFn,
        RunOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputFn);
        ArgumentNullException.ThrowIfNull(modelFn);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(optimizerFn is not null);

        // Evaluation and prediction are not distributed, because a boot file may run them on one worker only.
        var workers = options.RunMode == RunMode.Train ? WorkerGroup.Join() : WorkerGroup.Alone;
        if (options.BatchSize < workers.Count)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"A batch of {options.BatchSize} cannot be divided among {workers.Count} workers, each of which computes ")
                + "at least one sample of it. Choose a larger batchSize, or fewer workers.", "batchSize");
        }

        set_num_threads(options.Threads);
        random.manual_seed(options.Seed);
        var model = modelFn(options.RunMode);
        var checkpoints = options.LogDir is { } logDir
            ? new CheckpointFolder(Path.Combine(logDir, CheckpointsName), options.KeepCheckpoints)
            : null;
        return options.RunMode == RunMode.Train
            ? Train(inputFn, model, optimizerFn!, options, checkpoints, workers, cancellationToken)
            : Use(inputFn, model, options, checkpoints);
    }

    /// <summary>Returns an optimizer with a constant learning rate.</summary>
    /// <param name="name">The optimizer's name; see the other overload.</param>
    /// <param name="learningRate">The learning rate, positive.</param>
    /// <exception cref="ArgumentException">The name or the learning rate is not valid.</exception>
    public static OptimizerFn GetOptimizerFn(string name, double learningRate) =>
        GetOptimizerFn(name, LearningRateSchedule.Constant(learningRate));

    /// <summary>Returns an optimizer whose learning rate follows a schedule.</summary>
    /// <param name="name">
    /// The optimizer's name: sgd, momentum (SGD with a momentum of 0.9), adagrad, adadelta, rmsprop, adam, or adamw.
    /// MoXing's ftrl is not supported, because TorchSharp has no implementation of it.
    /// </param>
    /// <param name="learningRate">The learning rate of each step.</param>
    /// <param name="weightDecay">The weight-decay coefficient, at least 0, which pulls weights toward zero.</param>
    /// <param name="beta2">
    /// The decay rate, in [0, 1), of the moving average of squared gradients in Adam and AdamW.
    /// </param>
    /// <exception cref="ArgumentException">There is no optimizer of that name.</exception>
    public static OptimizerFn GetOptimizerFn(string name, LearningRateSchedule learningRate, double weightDecay = 0, double beta2 = 0.999)
    {
        ArgumentNullException.ThrowIfNull(learningRate);
        var first = learningRate.At(0);
        return name switch
        {
            "sgd" => new(name, parameters => new SGD(parameters, first, weightDecay: weightDecay), learningRate),
            "momentum" => new(name, parameters => new SGD(parameters, first, momentum: 0.9, weightDecay: weightDecay), learningRate),
            "adam" => new(name, parameters => new Adam(parameters, first, beta2: beta2, weightDecay: weightDecay), learningRate),
            "adamw" => new(name, parameters => new AdamW(parameters, first, beta2: beta2, weightDecay: weightDecay), learningRate),
            "adagrad" => new(name, parameters => new Adagrad(parameters, first, weightDecay: weightDecay), learningRate),
            "adadelta" => new(name, parameters => new Adadelta(parameters, first, weightDecay: weightDecay), learningRate),
            "rmsprop" => new(name, parameters => new RMSProp(parameters, first, weightDecay: weightDecay), learningRate),
            "ftrl" => throw new ArgumentException(
                $"MoXing's optimizer 'ftrl' is not supported: TorchSharp has none. For sparse gradients, adagrad is the closest. The optimizers are: {string.Join(", ", OptimizerNames)}.",
                nameof(name)),
            _ => throw new ArgumentException(
                $"There is no optimizer '{name}'. The optimizers are: {string.Join(", ", OptimizerNames)}.",
                nameof(name)),
        };
    }
}
