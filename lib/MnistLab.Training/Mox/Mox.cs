using System.Diagnostics;
using MnistLab.Data;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>
/// The run loop, after MoXing's <c>mox.run</c>: you say where the data comes from, what the model is and how to optimize it;
/// batches, steps, logging and evaluation are done for you. Names map one to one to the original's (<c>log_every_n_steps</c> → <c>logEveryNSteps</c>).
/// </summary>
public static class Mox
{
    private const int EvaluationBatch = 500;
    private const string OptimizerNames = "sgd, momentum, adagrad, adadelta, rmsprop, adam, adamw";

    // Not cached when it fails: the variables can be set and the property asked again.
    private static readonly Lazy<MoxFile> LazyFile = new(() => new MoxFile(Workspace.Find().OpenStore()), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Files and directories, on this machine and in the workspace's object store alike, after MoXing's <c>mox.file</c>. The store is opened once.</summary>
    /// <exception cref="WorkspaceException">The current folder lies in no workspace.</exception>
    /// <exception cref="ObjectStoreException">Some of the variables that a server needs are missing.</exception>
    public static MoxFile File => LazyFile.Value;

    /// <summary>Runs a model: trains it for a number of steps, or evaluates it once.</summary>
    /// <param name="inputFn">The data of each run mode: what to learn from, and what to validate on.</param>
    /// <param name="modelFn">Makes the model; called once, after the seed is set.</param>
    /// <param name="optimizerFn">How to optimize, from <see cref="GetOptimizerFn(string, double)"/>; not needed for <see cref="RunMode.Eval"/>.</param>
    /// <param name="runMode">What the run is for.</param>
    /// <param name="batchSize">Samples per step, at least 1 and at most the size of the training set.</param>
    /// <param name="maxNumberOfSteps">Steps to train, at least 1.</param>
    /// <param name="logEveryNSteps">How often a training batch is reported, in steps.</param>
    /// <param name="evaluateEveryNSteps">How often the model is measured on the validation data, in steps; 0 for never.</param>
    /// <param name="seed">Fixes the initial weights and the order of the samples: the same seed, data and options give the same weights.</param>
    /// <param name="threads">
    /// Threads that one operation may use, at least 1. For networks as small as these a second one saves little, and while other programs use the processor
    /// it costs much: the threads wait for each other. It also would make the last bits of the weights depend on the machine.
    /// </param>
    /// <param name="log">Where the log lines go; the console if null.</param>
    /// <param name="progress">Told each report as it is made.</param>
    /// <param name="cancellationToken">Ends the run between two steps.</param>
    /// <returns>The network and the reports.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or training has no optimizer.</exception>
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
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputFn);
        ArgumentNullException.ThrowIfNull(modelFn);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNumberOfSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(logEveryNSteps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(evaluateEveryNSteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);

        var watch = Stopwatch.StartNew();
        var reports = new List<StepReport>();
        void Report(StepReport report)
        {
            reports.Add(report);
            (log ?? Console.Out).WriteLine(report);
            progress?.Report(report);
        }

        set_num_threads(threads);
        random.manual_seed(seed);
        var model = modelFn(runMode);
        using var validation = runMode == RunMode.Eval || evaluateEveryNSteps > 0 ? new DigitBatches(inputFn(RunMode.Eval)) : null;
        if (runMode == RunMode.Eval)
        {
            Report(Evaluate(model, validation!, 0));
            return new RunResult(model.Network, reports, 0, watch.Elapsed);
        }

        if (optimizerFn is null) throw new ArgumentException("Training needs an optimizer: pass Mox.GetOptimizerFn(\"sgd\", learningRate: 0.01).", nameof(optimizerFn));
        using var training = new DigitBatches(inputFn(RunMode.Train));
        if (batchSize > training.Count)
            throw new ArgumentOutOfRangeException(nameof(batchSize), batchSize, $"A batch cannot be larger than the training set, which has {training.Count} samples.");
        using var order = new Generator((ulong)seed);
        using var optimizer = optimizerFn.Create(model.Network.parameters());

        var sinceReport = Stopwatch.StartNew();
        using var batches = training.Shuffled(batchSize, order).GetEnumerator();
        for (long step = 1; step <= maxNumberOfSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (NewDisposeScope())
            {
                batches.MoveNext();
                var logged = step % logEveryNSteps == 0 || step == maxNumberOfSteps;
                var metrics = Step(model, optimizer, optimizerFn.LearningRate.At(step - 1), batches.Current, logged);
                if (metrics is not null)
                {
                    var steps = step % logEveryNSteps == 0 ? logEveryNSteps : step % logEveryNSteps;
                    Report(new StepReport(step, metrics, steps * batchSize / sinceReport.Elapsed.TotalSeconds));
                    sinceReport.Restart();
                }
            }

            if (validation is not null && (step % evaluateEveryNSteps == 0 || step == maxNumberOfSteps))
            {
                sinceReport.Stop();
                Report(Evaluate(model, validation, step));
                sinceReport.Start();
            }
        }

        model.Network.eval();
        return new RunResult(model.Network, reports, maxNumberOfSteps, watch.Elapsed);
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
            "sgd" => new(name, parameters => optim.SGD(parameters, first, weight_decay: weightDecay), learningRate),
            "momentum" => new(name, parameters => optim.SGD(parameters, first, momentum: 0.9, weight_decay: weightDecay), learningRate),
            "adam" => new(name, parameters => optim.Adam(parameters, first, beta2: beta2, weight_decay: weightDecay), learningRate),
            "adamw" => new(name, parameters => optim.AdamW(parameters, first, beta2: beta2, weight_decay: weightDecay), learningRate),
            "adagrad" => new(name, parameters => optim.Adagrad(parameters, first, weight_decay: weightDecay), learningRate),
            "adadelta" => new(name, parameters => optim.Adadelta(parameters, first, weight_decay: weightDecay), learningRate),
            "rmsprop" => new(name, parameters => optim.RMSProp(parameters, first, weight_decay: weightDecay), learningRate),
            "ftrl" => throw new ArgumentException($"The optimizer 'ftrl' of MoXing is not there: TorchSharp has none. For sparse gradients adagrad comes nearest. The optimizers are: {OptimizerNames}.", nameof(name)),
            _ => throw new ArgumentException($"There is no optimizer '{name}'. The optimizers are: {OptimizerNames}.", nameof(name)),
        };
    }

    private static Dictionary<string, double>? Step(
        ModelSpec model, optim.Optimizer optimizer, double learningRate, (Tensor Images, Tensor Labels) batch, bool logged)
    {
        foreach (var group in optimizer.ParamGroups) group.LearningRate = learningRate;
        model.Network.train();
        optimizer.zero_grad();
        var logits = model.Network.forward(batch.Images);
        var loss = model.Loss(logits, batch.Labels);
        loss.backward();
        optimizer.step();
        return logged ? Measure(model, logits, batch.Labels, loss) : null;
    }

    private static StepReport Evaluate(ModelSpec model, DigitBatches data, long step)
    {
        model.Network.eval();
        using var gradientsOff = no_grad();
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (images, labels) in data.InOrder(EvaluationBatch))
        {
            using var disposeImages = images;
            using var disposeLabels = labels;
            using var scope = NewDisposeScope();
            var logits = model.Network.forward(images);
            foreach (var (name, value) in Measure(model, logits, labels, model.Loss(logits, labels)))
                sums[name] = sums.GetValueOrDefault(name) + (value * labels.shape[0]);
        }

        return new StepReport(step, sums.ToDictionary(sum => sum.Key, sum => sum.Value / data.Count, StringComparer.Ordinal));
    }

    private static Dictionary<string, double> Measure(ModelSpec model, Tensor logits, Tensor labels, Tensor loss)
    {
        using var gradientsOff = no_grad();
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = loss.item<float>() };
        foreach (var (name, figure) in model.LogInfo) metrics[name] = figure(logits, labels).item<float>();
        return metrics;
    }
}
