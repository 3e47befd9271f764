using System.Diagnostics;
using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Hosting;
using MnistLab.Storage;
using MnistLab.Storage.Files;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.EventLog;
using MnistLab.Training.Inputs;
using MnistLab.Training.Metrics;
using MnistLab.Training.Optimizers;
using MnistLab.Training.Workers;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>
/// The run loop, after MoXing's <c>mox.run</c>: you say where the data comes from, what the model is and how to optimize it;
/// batches, steps, logging and evaluation are done for you. Names map one to one to the original's (<c>log_every_n_steps</c> → <c>logEveryNSteps</c>).
/// </summary>
public static class Mox
{
    internal const string CheckpointsName = "checkpoints";

    // Not cached when it fails: the variables can be set and the property asked again.
    private static readonly Lazy<MoxFile> LazyFile = new(() => new MoxFile(Workspace.Find().OpenStore()), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Gets the names that <see cref="GetOptimizerFn(string, double)"/> knows.</summary>
    public static IReadOnlyList<string> OptimizerNames { get; } = ["sgd", "momentum", "adagrad", "adadelta", "rmsprop", "adam", "adamw"];

    /// <summary>Files and directories, on this machine and in the workspace's object store alike, after MoXing's <c>mox.file</c>. The store is opened once.</summary>
    /// <exception cref="WorkspaceException">The current folder lies in no workspace.</exception>
    /// <exception cref="ObjectStoreException">Some of the variables that a server needs are missing.</exception>
    public static MoxFile File => LazyFile.Value;

    /// <summary>Runs a model: trains it for a number of steps, measures it, computes its outputs, or writes it down for serving.</summary>
    /// <param name="inputFn">The data of each run mode: what to learn from, what to validate on, what to predict. Not asked for <see cref="RunMode.Export"/>.</param>
    /// <param name="modelFn">Makes the model; called once, after the seed is set.</param>
    /// <param name="optimizerFn">How to optimize, from <see cref="GetOptimizerFn(string, double)"/>; needed for <see cref="RunMode.Train"/> only.</param>
    /// <param name="runMode">What the run is for.</param>
    /// <param name="batchSize">Samples per step, at least 1 and at most the size of the training set. Batches are made for you, as by the original with its default <c>auto_batch=True</c>.</param>
    /// <param name="maxNumberOfSteps">Steps to train, at least 1; those of a run that this one goes on from count.</param>
    /// <param name="logEveryNSteps">How often a training batch is reported, in steps.</param>
    /// <param name="evaluateEveryNSteps">How often the model is measured on the validation data, in steps; 0 for never.</param>
    /// <param name="seed">Fixes the initial weights and the order of the samples: the same seed, data and options give the same weights.</param>
    /// <param name="threads">
    /// Threads that one operation may use, at least 1. For networks as small as these a second one saves little, and while other programs use the processor
    /// it costs much: the threads wait for each other. It also would make the last bits of the weights depend on the machine.
    /// </param>
    /// <param name="log">Where the log lines go; the console if null.</param>
    /// <param name="progress">Told each report as it is made.</param>
    /// <param name="logDir">
    /// A folder of this machine for the run's own files. Training saves its checkpoints to its <c>checkpoints</c>, and goes on from the newest one there,
    /// and writes an event log for TensorBoard. Null for none.
    /// </param>
    /// <param name="checkpointPath">A checkpoint's file to take the weights from, where <paramref name="logDir"/> has none; training then begins at step 1 with them.</param>
    /// <param name="saveModelSteps">How often a checkpoint is saved, in steps; 0 for only at the end.</param>
    /// <param name="saveModelSecs">How often a checkpoint is saved, in seconds; wins over <paramref name="saveModelSteps"/>. 0 to count steps.</param>
    /// <param name="keepCheckpoints">How many of the newest checkpoints are kept, the best one by validation loss aside.</param>
    /// <param name="saveSummarySteps">How often the learning rate and the weights' distribution go to the event log, in steps.</param>
    /// <param name="exportModel">A folder of this machine: the model is written to <c>1/model.onnx</c> below it, the next one to <c>2/model.onnx</c>. Null for no export.</param>
    /// <param name="hooks">Take part in the training.</param>
    /// <param name="augmentation">Changes the training pictures of each batch; null for none.</param>
    /// <param name="hyperParameters">What the event log says of the run beside its own options, by name, for comparing runs; null for nothing.</param>
    /// <param name="restoreBestWeights">
    /// Whether the run uses the weights with the lowest validation loss rather than the last ones: training returns and exports them
    /// (checkpoints keep the last ones, to resume from), and the other modes load them. The log says so. Without evaluation, and if false,
    /// the last weights are used.
    /// </param>
    /// <param name="cancellationToken">Ends training after a step, with a checkpoint.</param>
    /// <returns>The network and what the run found.</returns>
    /// <exception cref="ArgumentException">
    /// An option is out of its range, training has no optimizer, another mode has no weights, or there are no images, or none of a size that
    /// the network accepts.
    /// </exception>
    /// <exception cref="InvalidDataException">The metrics log of <paramref name="logDir"/> is damaged.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged, of another network or optimizer, or beyond the last step.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="MpiException">
    /// The program was started on several workers, and MPI is missing, or their data or options differ.
    /// </exception>
    /// <remarks>
    /// Where a launcher such as <c>mpiexec</c> has started the program several times, training is divided: each of these
    /// workers computes its share of each batch, and all of them change the same weights by the gradients of the whole
    /// batch. The loss must be a mean over samples. Only the first worker writes files; each returns the same result.
    /// </remarks>
    public static RunResult Run(
        Func<RunMode, DigitSet> inputFn,
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
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputFn);
        ArgumentNullException.ThrowIfNull(modelFn);
        NumberRange.RequireAtLeast(batchSize, 1);
        NumberRange.RequireAtLeast(maxNumberOfSteps, 1);
        NumberRange.RequireAtLeast(logEveryNSteps, 1);
        NumberRange.RequireAtLeast(evaluateEveryNSteps, 0);
        NumberRange.RequireAtLeast(threads, 1);
        NumberRange.RequireAtLeast(saveSummarySteps, 1);
        NumberRange.RequireAtLeast(saveModelSteps, 0);
        NumberRange.Require(saveModelSecs >= 0, saveModelSecs, "a number of at least 0");
        if (runMode == RunMode.Train && optimizerFn is null) throw new ArgumentException("Training needs an optimizer: pass Mox.GetOptimizerFn(\"sgd\", learningRate: 0.01).", nameof(optimizerFn));
        if (runMode == RunMode.Export && exportModel is null) throw new ArgumentException("An export needs a folder to go to: pass exportModel.", nameof(exportModel));

        // Evaluation and prediction are not divided: a boot file may do them on one worker only.
        var workers = runMode == RunMode.Train ? WorkerGroup.Join() : WorkerGroup.Alone;
        if (batchSize < workers.Count)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"A batch of {batchSize} cannot be divided among {workers.Count} workers, each of which computes at least ")
                + "one sample of it. Choose a larger batchSize, or fewer workers.", nameof(batchSize));
        }

        set_num_threads(threads);
        random.manual_seed(seed);
        var model = modelFn(runMode);
        var checkpoints = logDir is null ? null : new CheckpointFolder(Path.Combine(logDir, CheckpointsName), keepCheckpoints);
        var output = log ?? Console.Out;
        if (runMode == RunMode.Train)
        {
            using var events = logDir is null || !workers.IsFirst ? null : new EventLogWriter(logDir, TimeProvider.System);
            using var training = new TrainingRun(model, optimizerFn!, checkpoints, hooks ?? [], output, progress)
            {
                BatchSize = batchSize,
                MaxNumberOfSteps = maxNumberOfSteps,
                LogEveryNSteps = logEveryNSteps,
                EvaluateEveryNSteps = evaluateEveryNSteps,
                Seed = seed,
                SaveModelSteps = saveModelSteps,
                SaveModelSecs = saveModelSecs,
                Augmentation = augmentation,
                Events = events,
                SaveSummarySteps = saveSummarySteps,
                RestoreBestWeights = restoreBestWeights,
                LogDir = logDir,
                Workers = workers,
            };
            var result = events is null
                ? training.Run(inputFn, checkpointPath, cancellationToken)
                : LoggedRun.Of(training, events, inputFn, checkpointPath, hyperParameters, cancellationToken);
            return exportModel is null || !workers.IsFirst ? result
                : result with { ExportFolder = ModelExport.Write(exportModel, model) };
        }

        var watch = Stopwatch.StartNew();
        var step = LoadWeights(model, checkpoints, checkpointPath, runMode, restoreBestWeights ? output : null);
        RunResult Result() => new(model.Network, [], step, watch.Elapsed) { StartStep = step };
        if (runMode == RunMode.Export)
        {
            model.Network.eval();
            return JobEnvironment.IsFirstWorker
                ? Result() with { ExportFolder = ModelExport.Write(exportModel!, model) }
                : Result();
        }

        var set = inputFn(runMode);
        ImageInput.Validate(model.Network, set, runMode == RunMode.Eval ? "validation" : "input");
        using var data = new DigitBatches(set);
        if (runMode == RunMode.Predict)
        {
            var outputs = ModelEvaluator.Predict(model, data);
            model.Network.eval();
            return Result() with { Outputs = outputs };
        }

        var report = ModelEvaluator.Evaluate(model, data, step);
        model.Network.eval();
        output.WriteLine(report);
        progress?.Report(report);
        return Result() with { Reports = [report], Validation = report };
    }

    // The log says that the best weights are loaded; without it, the last ones are.
    private static long LoadWeights(ModelSpec model, CheckpointFolder? checkpoints, string? checkpointPath, RunMode runMode, TextWriter? bestLog)
    {
        if (bestLog is not null && checkpoints?.BestOfNewest is { } best)
        {
            var step = CheckpointFolder.Restore(best, model.Network, null, null).Step;
            bestLog.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step: {step} the weights are from {best}, the best by validation loss"));
            return step;
        }

        if ((checkpoints?.Newest ?? checkpointPath) is { } file) return CheckpointFolder.Restore(file, model.Network, null, null).Step;
        if (model.IsTrained) return 0;
        throw new ArgumentException($"{runMode} needs weights, and there are none: {(checkpoints is null ? "" : $"{checkpoints.Path} holds no checkpoint. ")}Pass logDir or checkpointPath of a run that has saved some, or a model that is trained (ModelSpec.IsTrained).");
    }

    /// <summary>An optimizer with a constant learning rate.</summary>
    /// <param name="name">Its name; see the other overload.</param>
    /// <param name="learningRate">The learning rate, positive.</param>
    /// <exception cref="ArgumentException">The name or the rate is not usable.</exception>
    public static OptimizerFn GetOptimizerFn(string name, double learningRate) => GetOptimizerFn(name, LearningRateSchedule.Constant(learningRate));

    /// <summary>An optimizer whose learning rate follows a schedule.</summary>
    /// <param name="name">Its name: sgd, momentum (0.9), adagrad, adadelta, rmsprop, adam or adamw. MoXing's ftrl is not there: TorchSharp has none.</param>
    /// <param name="learningRate">The learning rate of each step.</param>
    /// <param name="weightDecay">The pull of weights towards zero, at least 0.</param>
    /// <param name="beta2">Adam's and AdamW's memory of squared gradients, in [0, 1).</param>
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
            "ftrl" => throw new ArgumentException($"The optimizer 'ftrl' of MoXing is not there: TorchSharp has none. For sparse gradients adagrad comes nearest. The optimizers are: {string.Join(", ", OptimizerNames)}.", nameof(name)),
            _ => throw new ArgumentException($"There is no optimizer '{name}'. The optimizers are: {string.Join(", ", OptimizerNames)}.", nameof(name)),
        };
    }
}
