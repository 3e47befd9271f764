using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MnistLab.Data.Datasets;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.EventLog;
using MnistLab.Training.Inputs;
using MnistLab.Training.Metrics;
using MnistLab.Training.Workers;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>
/// Represents a training run: its steps, and the reports, evaluations, hooks, and checkpoints between them.
/// </summary>
internal sealed partial class TrainingRun : IDisposable
{
    private const string FactorKey = "run.learning_rate_factor";

    private readonly ModelSpec _model;
    private readonly OptimizerFn _optimizerFn;
    private readonly optim.Optimizer _optimizer;
    private readonly CheckpointFolder? _checkpoints;
    private readonly IReadOnlyList<RunHook> _hooks;
    private readonly TextWriter _log;
    private readonly IProgress<StepReport>? _progress;
    private readonly RunContext _context;
    private readonly List<StepReport> _reports = [];
    private readonly Stopwatch _sinceReport = new();
    private readonly Stopwatch _sinceSave = new();
    private readonly BestWeights _best = new();
    private DataParallel? _parallel;
    private MetricsLog? _metrics;
    private StepReport? _lastEvaluation;
    private long _saved = -1;

    public TrainingRun(
        ModelSpec model,
        OptimizerFn optimizerFn,
        CheckpointFolder? checkpoints,
        IReadOnlyList<RunHook> hooks,
        TextWriter log,
        IProgress<StepReport>? progress)
    {
        (_model, _optimizerFn, _checkpoints, _hooks, _log, _progress) = (model, optimizerFn, checkpoints, hooks, log, progress);
        _optimizer = optimizerFn.Create(model.Network.parameters());
        _context = new RunContext(model.Network, log);
        NativeHeap.KeepReleasedMemory();
    }

    public string OptimizerName => _optimizerFn.Name;

    public required int BatchSize { get; init; }

    public required long MaxNumberOfSteps { get; init; }

    public required int LogEveryNSteps { get; init; }

    public required int EvaluateEveryNSteps { get; init; }

    public required long Seed { get; init; }

    public required long SaveModelSteps { get; init; }

    public required EventLogWriter? Events { get; init; }

    public required int SaveSummarySteps { get; init; }

    public required bool RestoreBestWeights { get; init; }

    /// <summary>Gets the folder of the metrics log; null for none.</summary>
    public required string? LogDir { get; init; }

    public required AffineAugmentation? Augmentation { get; init; }

    public required double SaveModelSecs { get; init; }

    /// <summary>Gets the workers that share the run. All return the same result; only the first writes files.</summary>
    public required WorkerGroup Workers { get; init; }

    public RunResult Run(Func<RunMode, ImageDataset> inputFn, string? checkpointPath, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var training = Load(inputFn(RunMode.Train), "training");
        using var validation = EvaluateEveryNSteps > 0 ? Load(inputFn(RunMode.Eval), "validation") : null;
        if (BatchSize > training.Count)
            throw new ArgumentException(
                $"A batch of {BatchSize} is larger than the training set, which has {training.Count} samples. Choose a batchSize of at most {training.Count}.",
                nameof(inputFn));

        var start = Begin(checkpointPath);
        if (!Workers.IsAlone)
            _parallel = new DataParallel(Workers, _model.Network, BatchSize, Seed, Describe(training, validation));
        if (LogDir is not null && Workers.IsFirst) _metrics = new MetricsLog(LogDir, start);
        _sinceReport.Start();
        _sinceSave.Start();
        #region loop
        for (var step = start + 1; step <= MaxNumberOfSteps; step++)
        {
            if (_context.StopReason is not null) break;
            if (StopIsRequested(cancellationToken))
            {
                Save();
                throw new OperationCanceledException(cancellationToken);
            }

            Step(training, step, start, cancellationToken);
            if (validation is not null && IsTimeToEvaluate(step)) Evaluate(validation, step);
            if (IsTimeToSave(step)) Save();
        }

        Save();
        #endregion
        if (_context.StopReason is { } reason)
            _log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step: {_context.Step} stopped early: {reason}"));
        var final = ChooseWeights();
        if (final is not null) _metrics?.WriteFinal(final);
        _model.Network.eval();
        return new RunResult(_model.Network, _reports, _context.Step, watch.Elapsed)
        {
            StartStep = start,
            StopReason = _context.StopReason,
            WeightsStep = final?.Step ?? _context.Step,
            Validation = final,
        };
    }

    public void Dispose()
    {
        _parallel?.Dispose();
        _metrics?.Dispose();
        _best.Dispose();
        _optimizer.Dispose();
        NativeHeap.Trim();
    }

    private DigitBatches Load(ImageDataset set, string role)
    {
        ImageInput.Validate(_model.Network, set, role);
        return new DigitBatches(set);
    }

    /// <summary>Restores the best weights, unless the last ones are to be kept.</summary>
    /// <returns>The validation metrics of the network's weights; null if they were not evaluated.</returns>
    private StepReport? ChooseWeights()
    {
        var step = _context.Step;
        var best = EvaluateEveryNSteps > 0 ? _best.Report : null;
        var last = _lastEvaluation?.Step == step ? _lastEvaluation : best?.Step == step ? best : null;
        if (!RestoreBestWeights || best is null || best.Step == step) return last;
        if (!_best.AreKnown)
        {
            _log.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"step: {step} keeps its weights: {_best} are lost, because their checkpoint is missing or from another step"));
            return last;
        }

        _best.Restore(_model.Network);
        _log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step: {step} restored {_best}"));
        return best;
    }

    private long Begin(string? checkpointPath)
    {
        if (FindNewest() is not { } newest)
        {
            if (checkpointPath is not null) CheckpointFolder.Restore(checkpointPath, _model.Network, null, null);
            return 0;
        }

        var (step, state) = CheckpointFolder.ReadState(newest);
        if (EvaluateEveryNSteps > 0) _best.Resume(_checkpoints!, state, _model.Network);
        CheckpointFolder.Restore(newest, _model.Network, _optimizer, _optimizerFn.Name);
        if (step > MaxNumberOfSteps)
            throw new CheckpointException(
                $"{newest} is from step {step}, beyond the {MaxNumberOfSteps} steps to train. Request more steps, or use another log directory to train from the start.");
        foreach (var (hook, index) in _hooks.Select((hook, index) => (hook, index)))
        {
            var own = state
                .Where(item => item.Key.StartsWith(HookKey(index), StringComparison.Ordinal))
                .ToDictionary(item => item.Key[HookKey(index).Length..], item => item.Value);
            if (own.Count > 0) hook.Restore(own);
        }

        (_context.Step, _saved) = (step, step);
        _context.LearningRateFactor = state.GetValueOrDefault(FactorKey, 1);
        _log.WriteLine(step < MaxNumberOfSteps
            ? $"step: {step} resumes from {newest}"
            : $"step: {step} is the last one, and {newest} already exists: NOTHING IS TRAINED. Request more steps, or use another log directory to train from the start.");
        return step;
    }

    private void Step(DigitBatches training, long step, long start, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        // The random numbers of the layers depend only on the seed and the step, so a resumed run draws the same ones.
        random.manual_seed(SeedDerivation.SeedOf(Seed, SeedDerivation.Step, step)).Dispose();
        var learningRate = _optimizerFn.LearningRate.At(step - 1) * _context.LearningRateFactor;
        foreach (var group in _optimizer.ParamGroups) group.LearningRate = learningRate;
        var (images, labels, samples) = training.OfStep(step - 1, BatchSize, Seed, _parallel?.Share);
        // A hook may have put the network into evaluation mode.
        if (!_model.Network.training) _model.Network.train();
        if (_parallel is not null)
        {
            var (ownLogits, wholeLoss) = StepTogether(_parallel, images, labels, step, cancellationToken);
            if (!float.IsFinite(wholeLoss))
                throw new DivergedException(step, wholeLoss, learningRate, samples.data<long>().ToArray());
            EndStep(ownLogits, labels, wholeLoss, learningRate, step, start);
            return;
        }

        #region step
        _optimizer.zero_grad();
        var logits = _model.Network.forward(Augmentation?.Apply(images) ?? images);
        var loss = _model.Loss(logits, labels);
        var value = loss.item<float>();
        if (!float.IsFinite(value))
            throw Diverged(step, value, learningRate, samples);
        loss.backward();
        _optimizer.step();

        _context.Step = step;
        foreach (var hook in _hooks) hook.AfterStep(_context, value);
        #endregion
        EndStep(logits, labels, value, learningRate, step, start);
    }

    private bool IsTimeToEvaluate(long step) => step % EvaluateEveryNSteps == 0 || step == MaxNumberOfSteps;

    private static DivergedException Diverged(long step, double loss, double learningRate, Tensor samples) =>
        new(step, loss, learningRate, samples.data<long>().ToArray());

    private void EndStep(Tensor logits, Tensor labels, float loss, double learningRate, long step, long start)
    {
        if (Events is not null && (step % SaveSummarySteps == 0 || step == MaxNumberOfSteps)) Summarize(learningRate, step);
        if (step % LogEveryNSteps != 0 && step != MaxNumberOfSteps) return;
        var steps = Math.Min(step - start, step % LogEveryNSteps == 0 ? LogEveryNSteps : step % LogEveryNSteps);
        var metrics = ModelEvaluator.Measure(_model, logits, labels, loss);
        if (_parallel is not null) metrics = _parallel.Mean(metrics);
        Report(new StepReport(step, metrics, steps * BatchSize / _sinceReport.Elapsed.TotalSeconds));
        _sinceReport.Restart();
    }

    private void Evaluate(DigitBatches validation, long step)
    {
        _sinceReport.Stop();
        var report = ModelEvaluator.Evaluate(_model, validation, step, Workers);
        Report(report);
        foreach (var hook in _hooks) hook.AfterEvaluation(_context, report);
        FollowFirst();
        _lastEvaluation = report;
        if (_best.Update(_model.Network, report) && Workers.IsFirst)
            _checkpoints?.Save(step, _model.Network, _optimizer, _optimizerFn.Name, State(), isBest: true);

        _sinceReport.Start();
    }

    private void Report(StepReport report)
    {
        _reports.Add(report);
        if (Events is not null)
        {
            foreach (var (name, value) in report.Metrics) Events.Scalar(
                $"{(report.IsValidation ? "validation" : "train")}/{name}", value, report.Step);
            if (report.SamplesPerSecond is { } rate) Events.Scalar("samples_per_second", rate, report.Step);
            Events.Flush();
        }

        _metrics?.Write(report);
        _log.WriteLine(report);
        _progress?.Report(report);
    }

    private void Summarize(double learningRate, long step)
    {
        Events!.Scalar("learning_rate", learningRate, step);
        foreach (var (name, parameter) in _model.Network.named_parameters()) Events.Histogram(
            name, MemoryMarshal.Cast<byte, float>(parameter.bytes), step);
        Events.Flush();
    }

    private bool IsTimeToSave(long step) => SaveModelSecs > 0
        ? _sinceSave.Elapsed.TotalSeconds >= SaveModelSecs
        : SaveModelSteps > 0 && step % SaveModelSteps == 0;

    private void Save()
    {
        if (_checkpoints is null || _saved == _context.Step) return;
        if (Workers.IsFirst) _checkpoints.Save(_context.Step, _model.Network, _optimizer, _optimizerFn.Name, State());
        _saved = _context.Step;
        _sinceSave.Restart();
    }

    private Dictionary<string, double> State()
    {
        var state = new Dictionary<string, double>(StringComparer.Ordinal) { [FactorKey] = _context.LearningRateFactor };
        foreach (var (name, value) in _best.State) state[name] = value;
        foreach (var (hook, index) in _hooks.Select((hook, index) => (hook, index)))
        {
            foreach (var (name, value) in hook.State) state[HookKey(index) + name] = value;
        }

        return state;
    }

    private static string HookKey(int index) => string.Create(CultureInfo.InvariantCulture, $"{index}.");
}
