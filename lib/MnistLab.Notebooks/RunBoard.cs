using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Analysis;
using MnistLab.Data.Datasets;
using MnistLab.Notebooks.Board;
using MnistLab.Notebooks.Display;
using MnistLab.Training;
using MnistLab.Training.Metrics;
using MnistLab.Training.Networks;
using MnistLab.Training.Results;

namespace MnistLab.Notebooks;

/// <summary>
/// Represents a board of training runs to compare: each <c>await board.TryAsync(model: "lenet", learningRate:
/// 0.003);</c> trains another model and shows, in the running cell, all runs since the board was created.
/// </summary>
/// <param name="train">The images to train on.</param>
/// <param name="validation">
/// The images to compare the runs on. They are used to choose settings, so keep the test set for the final evaluation.
/// </param>
/// <param name="presets">
/// The models to choose from; null for <see cref="ModelPresets.Default"/>, to which you can add your own networks.
/// </param>
public sealed class RunBoard(ImageDataset train, ImageDataset validation, ModelPresets? presets = null)
{
    private const int MaxStepsBetweenReports = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly List<BoardRun> _runs = [];
    private readonly List<LiveDisplay> _pinned = [];
    private LiveDisplay? _ofRun;
    private bool _isTraining;

    /// <summary>Gets the runs, in the order in which they were started.</summary>
    public IReadOnlyList<BoardRun> Runs
    {
        get
        {
            lock (_lock) return [.. _runs];
        }
    }

    /// <summary>Gets the completed runs, the most accurate first, then those that did not complete.</summary>
    public IReadOnlyList<BoardRun> Ranking =>
        [.. Runs.OrderByDescending(run => run.Accuracy ?? -1).ThenBy(run => run.Number)];

    /// <summary>
    /// Gets the runs that may be the best: the most accurate one, and all runs whose difference from it is within the
    /// noise. A single run is a winner; several are a tie.
    /// </summary>
    public IReadOnlyList<BoardRun> Leaders
    {
        get
        {
            var completed = Ranking.Where(run => run.Evaluation is not null).ToList();
            return [.. completed.Where(run => !RunComparison.Between(run.Evaluation!, completed[0].Evaluation!).IsClear)];
        }
    }

    /// <summary>Gets the number of validation images.</summary>
    public int ValidationCount => validation.Count;

    /// <summary>
    /// Trains a model, adds the run to the board, and shows the board in the running cell while it trains.
    /// </summary>
    /// <param name="model">The name of the network, one of <see cref="ModelPresets.Names"/>.</param>
    /// <param name="learningRate">The learning rate, above 0.</param>
    /// <param name="augmentation">The strength of the augmentation, at least 0; 0 for none.</param>
    /// <param name="batchSize">The number of samples per step, from 1 to the number of training images.</param>
    /// <param name="maxNumberOfSteps">The number of steps, at least 1.</param>
    /// <param name="optimizer">The name of the optimizer, one of <see cref="Mox.OptimizerNames"/>.</param>
    /// <param name="weightDecay">The weight decay, at least 0.</param>
    /// <param name="labelSmoothing">The label-smoothing factor, in [0, 1).</param>
    /// <param name="seed">The seed of the initial weights and of the order of the samples.</param>
    /// <param name="cancellationToken">
    /// Interrupts the run after the current step, as interrupting the cell does.
    /// </param>
    /// <returns>
    /// The run. Its <see cref="BoardRun.Outcome"/> says whether it completed: divergence and failure do not throw.
    /// </returns>
    /// <remarks>A setting that is null comes from the model's preset.</remarks>
    /// <exception cref="BoardSettingException">
    /// A value is not valid; the message says which values are. No run is added.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another run of this board is still training.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted; the board shows it as such.</exception>
    public Task<BoardRun> TryAsync(
        string model = DigitModels.Softmax,
        double? learningRate = null,
        double? augmentation = null,
        int? batchSize = null,
        long? maxNumberOfSteps = null,
        string? optimizer = null,
        double? weightDecay = null,
        double? labelSmoothing = null,
        long? seed = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var settings = new Dictionary<string, object?>
        {
            [nameof(model)] = model,
            [nameof(learningRate)] = learningRate,
            [nameof(augmentation)] = augmentation,
            [nameof(batchSize)] = batchSize,
            [nameof(maxNumberOfSteps)] = maxNumberOfSteps,
            [nameof(optimizer)] = optimizer,
            [nameof(weightDecay)] = weightDecay,
            [nameof(labelSmoothing)] = labelSmoothing,
            [nameof(seed)] = seed,
        };
        return TryAsync(settings, cancellationToken);
    }

    /// <summary>
    /// Trains a model with settings that are specified by name, for example by a form, a file, or a search.
    /// </summary>
    /// <param name="settings">
    /// Values by name: <c>learningRate</c> or, as in a training job, <c>learning_rate</c>. A null value is ignored.
    /// </param>
    /// <param name="cancellationToken">
    /// Interrupts the run after the current step, as interrupting the cell does.
    /// </param>
    /// <returns>
    /// The run. Its <see cref="BoardRun.Outcome"/> says whether it completed: divergence and failure do not throw.
    /// </returns>
    /// <exception cref="BoardSettingException">
    /// A setting does not exist or its value is not valid; the message names the nearest setting or the valid values.
    /// No run is added.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another run of this board is still training.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted; the board shows it as such.</exception>
    public async Task<BoardRun> TryAsync(
        IReadOnlyDictionary<string, object?> settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (given, resolved) = BoardSettings.Resolve(settings, train.Count, presets ?? ModelPresets.Default);
        var run = Add(given, resolved);
        using var interruption =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, LiveDisplay.CellToken);
        _ofRun = LiveDisplay.Show(this);
        var started = Stopwatch.GetTimestamp();
        try
        {
            run.Evaluation = await Task.Run(() => Train(run, started, interruption.Token), CancellationToken.None);
            run.Outcome = BoardOutcome.Completed;
        }
        catch (Exception error)
        {
            run.Error = error;
            run.Outcome = error switch
            {
                OperationCanceledException when interruption.IsCancellationRequested => BoardOutcome.Interrupted,
                DivergedException => BoardOutcome.Diverged,
                _ => BoardOutcome.Failed,
            };
            if (run.Outcome == BoardOutcome.Interrupted) throw;
        }
        finally
        {
            run.Duration = Stopwatch.GetElapsedTime(started);
            Update();
            // The next run has its own display; this one is no longer updated.
            _ofRun = null;
            lock (_lock) _isTraining = false;
        }

        return run;
    }

    /// <summary>
    /// Shows the board in the running cell. Later runs also update this display, whichever cell starts them.
    /// </summary>
    public void Show()
    {
        var display = LiveDisplay.Show(this);
        lock (_lock) _pinned.Add(display);
    }

    /// <summary>
    /// Returns the runs as a data frame, in the order in which they were started: <c>run</c>, <c>outcome</c>, the
    /// settings, <c>steps</c>, <c>accuracy</c> and <c>standard error</c> in [0, 1] (null unless the run completed),
    /// and <c>seconds</c>.
    /// </summary>
    public DataFrame ToDataFrame()
    {
        var runs = Runs;
        // A schedule is not a number.
        double? Rate(BoardRun run) =>
            double.TryParse(run.Settings.LearningRate, CultureInfo.InvariantCulture, out var rate) ? rate : null;
        return new DataFrame(
            new Int32DataFrameColumn("run", runs.Select(run => run.Number)),
            new StringDataFrameColumn("outcome", runs.Select(run => $"{run.Outcome}")),
            new StringDataFrameColumn("model", runs.Select(run => run.Settings.Model)),
            new StringDataFrameColumn("optimizer", runs.Select(run => run.Settings.Optimizer)),
            new DoubleDataFrameColumn("learning rate", runs.Select(Rate)),
            new Int32DataFrameColumn("batch size", runs.Select(run => run.Settings.BatchSize)),
            new DoubleDataFrameColumn("augmentation", runs.Select(run => run.Settings.Augmentation)),
            new DoubleDataFrameColumn("weight decay", runs.Select(run => run.Settings.WeightDecay)),
            new DoubleDataFrameColumn("label smoothing", runs.Select(run => run.Settings.LabelSmoothing)),
            new Int64DataFrameColumn("seed", runs.Select(run => run.Settings.Seed)),
            new Int64DataFrameColumn("steps", runs.Select(run => run.Steps)),
            new DoubleDataFrameColumn("accuracy", runs.Select(run => run.Accuracy)),
            new DoubleDataFrameColumn("standard error", runs.Select(run => run.StandardError)),
            new DoubleDataFrameColumn("seconds", runs.Select(run => run.Duration.TotalSeconds)));
    }

    /// <summary>Returns the ranking, one line for each run.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Ranking.Select(run => run.ToString()));

    private BoardRun Add(IReadOnlyDictionary<string, string> given, TrainingSettings settings)
    {
        lock (_lock)
        {
            // Training uses the process-wide random generator: two concurrent runs would not be reproducible.
            if (_isTraining)
                throw new InvalidOperationException("A run of this board is still training. Await it before you start another.");
            _isTraining = true;
            var run = new BoardRun(_runs.Count + 1, given, settings);
            _runs.Add(run);
            return run;
        }
    }

    private Evaluation Train(BoardRun run, long started, CancellationToken cancellationToken)
    {
        var settings = run.Settings;
        var reports = new List<StepReport>();
        var shown = Stopwatch.GetTimestamp();
        try
        {
            var result = Mox.Run(
                mode => mode == RunMode.Train ? train : validation,
                _ => settings.CreateModel(train.Kind),
                settings.CreateOptimizer(train.Count),
                batchSize: settings.BatchSize,
                maxNumberOfSteps: settings.MaxNumberOfSteps,
                // Frequent enough for live progress, regardless of the length of the run.
                logEveryNSteps: (int)Math.Min(settings.MaxNumberOfSteps, MaxStepsBetweenReports),
                evaluateEveryNSteps: settings.EvaluateEveryNSteps,
                seed: settings.Seed,
                log: TextWriter.Null,
                progress: new Reporter(report =>
                {
                    reports.Add(report);
                    if (Stopwatch.GetElapsedTime(shown) < Interval) return;
                    (run.Reports, run.Duration) = ([.. reports], Stopwatch.GetElapsedTime(started));
                    Update();
                    shown = Stopwatch.GetTimestamp();
                }),
                augmentation: settings.Augmenter,
                cancellationToken: cancellationToken);
            using var network = result.Network;
            return Evaluation.Compute(network, validation);
        }
        finally
        {
            run.Reports = reports;
        }
    }

    private void Update()
    {
        _ofRun?.Update(this);
        List<LiveDisplay> pinned;
        lock (_lock) pinned = [.. _pinned];
        foreach (var display in pinned) display.Update(this);
    }

    private sealed class Reporter(Action<StepReport> report) : IProgress<StepReport>
    {
        public void Report(StepReport value) => report(value);
    }
}
