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
    private readonly RunOptions _options;
    private readonly CheckpointFolder? _checkpoints;
    private readonly EventLogWriter? _events;
    private readonly WorkerGroup _workers;
    private readonly TextWriter _log;
    private readonly RunContext _context;
    private readonly List<StepReport> _reports = [];
    private readonly Stopwatch _sinceReport = new();
    private readonly Stopwatch _sinceSave = new();
    private readonly BestWeights _best = new();
    private DataParallel? _parallel;
    private MetricsLog? _metrics;
    private StepReport? _lastEvaluation;
    private long _saved = -1;

    /// <param name="model">The model.</param>
    /// <param name="optimizerFn">The optimizer.</param>
    /// <param name="options">The options, which have been validated.</param>
    /// <param name="checkpoints">The folder of the checkpoints; null for none.</param>
    /// <param name="events">The event log; null for none.</param>
    /// <param name="workers">
    /// The workers that share the run. All return the same result; only the first writes files.
    /// </param>
    public TrainingRun(
        ModelSpec model,
        OptimizerFn optimizerFn,
        RunOptions options,
        CheckpointFolder? checkpoints,
        EventLogWriter? events,
        WorkerGroup workers)
    {
        (_model, _optimizerFn, _options) = (model, optimizerFn, options);
        (_checkpoints, _events, _workers, _log) = (checkpoints, events, workers, options.Output);
        _optimizer = optimizerFn.Create(model.Network.parameters());
        _context = new RunContext(model.Network, _log);
        NativeHeap.KeepReleasedMemory();
    }

    public RunResult Run(Func<RunMode, ImageDataset> inputFn, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var training = Load(inputFn(RunMode.Train), "training");
        using var validation = _options.EvaluateEveryNSteps > 0 ? Load(inputFn(RunMode.Eval), "validation") : null;
        if (_options.BatchSize > training.Count)
            throw new ArgumentException(
                $"A batch of {_options.BatchSize} is larger than the training set, which has {training.Count} samples. Choose a batchSize of at most {training.Count}.",
                nameof(inputFn));

        var start = Begin();
        if (!_workers.IsAlone)
        {
            _parallel = new DataParallel(
                _workers, _model.Network, _options.BatchSize, _options.Seed, Describe(training, validation));
        }

        if (_options.LogDir is not null && _workers.IsFirst) _metrics = new MetricsLog(_options.LogDir, start);
        _sinceReport.Start();
        _sinceSave.Start();
        #region loop
        for (var step = start + 1; step <= _options.MaxNumberOfSteps; step++)
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
        var best = _options.EvaluateEveryNSteps > 0 ? _best.Report : null;
        var last = _lastEvaluation?.Step == step ? _lastEvaluation : best?.Step == step ? best : null;
        if (!_options.RestoreBestWeights || best is null || best.Step == step) return last;
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

    private long Begin()
    {
        if (FindNewest() is not { } newest)
        {
            if (_options.CheckpointPath is { } weights) CheckpointFolder.Restore(weights, _model.Network, null, null);
            return 0;
        }

        var (step, state) = CheckpointFolder.ReadState(newest);
        if (_options.EvaluateEveryNSteps > 0) _best.Resume(_checkpoints!, state, _model.Network);
        CheckpointFolder.Restore(newest, _model.Network, _optimizer, _optimizerFn.Name);
        if (step > _options.MaxNumberOfSteps)
            throw new CheckpointException(
                $"{newest} is from step {step}, beyond the {_options.MaxNumberOfSteps} steps to train. Request more steps, or use another log directory to train from the start.");
        foreach (var (hook, index) in _options.Hooks.Select((hook, index) => (hook, index)))
        {
            var own = state
                .Where(item => item.Key.StartsWith(HookKey(index), StringComparison.Ordinal))
                .ToDictionary(item => item.Key[HookKey(index).Length..], item => item.Value);
            if (own.Count > 0) hook.Restore(own);
        }

        (_context.Step, _saved) = (step, step);
        _context.LearningRateFactor = state.GetValueOrDefault(FactorKey, 1);
        _log.WriteLine(step < _options.MaxNumberOfSteps
            ? $"step: {step} resumes from {newest}"
            : $"step: {step} is the last one, and {newest} already exists: NOTHING IS TRAINED. Request more steps, or use another log directory to train from the start.");
        return step;
    }

    private void Step(DigitBatches training, long step, long start, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        // The random numbers of the layers depend only on the seed and the step, so a resumed run draws the same ones.
        random.manual_seed(SeedDerivation.SeedOf(_options.Seed, SeedDerivation.Step, step)).Dispose();
        var learningRate = _optimizerFn.LearningRate.At(step - 1) * _context.LearningRateFactor;
        foreach (var group in _optimizer.ParamGroups) group.LearningRate = learningRate;
        var (images, labels, samples) = training.OfStep(step - 1, _options.BatchSize, _options.Seed, _parallel?.Share);
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
        var logits = _model.Network.forward(_options.Augmentation?.Apply(images) ?? images);
        var loss = _model.Loss(logits, labels);
        var value = loss.item<float>();
        if (!float.IsFinite(value))
            throw Diverged(step, value, learningRate, samples);
        loss.backward();
        _optimizer.step();

        _context.Step = step;
        foreach (var hook in _options.Hooks) hook.AfterStep(_context, value);
        #endregion
        EndStep(logits, labels, value, learningRate, step, start);
    }

    private bool IsTimeToEvaluate(long step) => IsTime(step, _options.EvaluateEveryNSteps);

    private bool IsTime(long step, int interval) => step % interval == 0 || step == _options.MaxNumberOfSteps;

    private static DivergedException Diverged(long step, double loss, double learningRate, Tensor samples) =>
        new(step, loss, learningRate, samples.data<long>().ToArray());

    private void EndStep(Tensor logits, Tensor labels, float loss, double learningRate, long step, long start)
    {
        if (_events is not null && IsTime(step, _options.SaveSummarySteps)) Summarize(learningRate, step);
        var interval = _options.LogEveryNSteps;
        if (!IsTime(step, interval)) return;
        var steps = Math.Min(step - start, step % interval == 0 ? interval : step % interval);
        var metrics = ModelEvaluator.Measure(_model, logits, labels, loss);
        if (_parallel is not null) metrics = _parallel.Mean(metrics);
        Report(new StepReport(step, metrics, steps * _options.BatchSize / _sinceReport.Elapsed.TotalSeconds));
        _sinceReport.Restart();
    }

    private void Evaluate(DigitBatches validation, long step)
    {
        _sinceReport.Stop();
        var report = ModelEvaluator.Evaluate(_model, validation, step, _workers);
        Report(report);
        foreach (var hook in _options.Hooks) hook.AfterEvaluation(_context, report);
        FollowFirst();
        _lastEvaluation = report;
        if (_best.Update(_model.Network, report) && _workers.IsFirst)
            _checkpoints?.Save(step, _model.Network, _optimizer, _optimizerFn.Name, State(), isBest: true);

        _sinceReport.Start();
    }

    private void Report(StepReport report)
    {
        _reports.Add(report);
        if (_events is not null)
        {
            foreach (var (name, value) in report.Metrics) _events.Scalar(
                $"{(report.IsValidation ? "validation" : "train")}/{name}", value, report.Step);
            if (report.SamplesPerSecond is { } rate) _events.Scalar("samples_per_second", rate, report.Step);
            _events.Flush();
        }

        _metrics?.Write(report);
        _log.WriteLine(report);
        _options.Progress?.Report(report);
    }

    private void Summarize(double learningRate, long step)
    {
        _events!.Scalar("learning_rate", learningRate, step);
        foreach (var (name, parameter) in _model.Network.named_parameters()) _events.Histogram(
            name, MemoryMarshal.Cast<byte, float>(parameter.bytes), step);
        _events.Flush();
    }

    private bool IsTimeToSave(long step) => _options.SaveModelSecs > 0
        ? _sinceSave.Elapsed.TotalSeconds >= _options.SaveModelSecs
        : _options.SaveModelSteps > 0 && step % _options.SaveModelSteps == 0;

    private void Save()
    {
        if (_checkpoints is null || _saved == _context.Step) return;
        if (_workers.IsFirst) _checkpoints.Save(_context.Step, _model.Network, _optimizer, _optimizerFn.Name, State());
        _saved = _context.Step;
        _sinceSave.Restart();
    }

    private Dictionary<string, double> State()
    {
        var state = new Dictionary<string, double>(StringComparer.Ordinal) { [FactorKey] = _context.LearningRateFactor };
        foreach (var (name, value) in _best.State) state[name] = value;
        foreach (var (hook, index) in _options.Hooks.Select((hook, index) => (hook, index)))
        {
            foreach (var (name, value) in hook.State) state[HookKey(index) + name] = value;
        }

        return state;
    }

    private static string HookKey(int index) => string.Create(CultureInfo.InvariantCulture, $"{index}.");
}
