using MnistLab.Notebooks.Texts;
using MnistLab.Training;
using MnistLab.Training.Metrics;
using MnistLab.Training.Results;

namespace MnistLab.Notebooks;

/// <summary>Specifies how a run of a <see cref="RunBoard"/> ended.</summary>
public enum BoardOutcome
{
    /// <summary>The run is still training.</summary>
    Running,

    /// <summary>The run trained to its last step and was evaluated.</summary>
    Completed,

    /// <summary>The loss became NaN or infinite.</summary>
    Diverged,

    /// <summary>The cell was interrupted.</summary>
    Interrupted,

    /// <summary>The run threw an exception.</summary>
    Failed,
}

/// <summary>Represents one run of a <see cref="RunBoard"/>.</summary>
public sealed class BoardRun
{
    internal BoardRun(int number, IReadOnlyDictionary<string, string> given, TrainingSettings settings) =>
        (Number, Given, Settings) = (number, given, settings);

    /// <summary>Gets the number of the run on its board, from 1.</summary>
    public int Number { get; }

    /// <summary>
    /// Gets the settings that were specified, by their names in C#; all others come from the model's preset.
    /// </summary>
    public IReadOnlyDictionary<string, string> Given { get; }

    /// <summary>Gets all settings of the run, resolved.</summary>
    public TrainingSettings Settings { get; }

    /// <summary>Gets the outcome of the run.</summary>
    public BoardOutcome Outcome { get; internal set; }

    /// <summary>Gets the exception that ended the run; null if it completed or is still running.</summary>
    public Exception? Error { get; internal set; }

    /// <summary>Gets the predictions on the validation images; null unless the run completed.</summary>
    public Evaluation? Evaluation { get; internal set; }

    /// <summary>Gets the accuracy on the validation images, in [0, 1]; null unless the run completed.</summary>
    public double? Accuracy => Evaluation?.Accuracy;

    /// <summary>
    /// Gets the standard error of <see cref="Accuracy"/> that follows from the number of validation images, √(p (1 −
    /// p) / n); null unless the run completed.
    /// </summary>
    public double? StandardError => Accuracy is { } p ? Math.Sqrt(p * (1 - p) / Evaluation!.Set.Count) : null;

    /// <summary>Gets the reports of the run in chronological order.</summary>
    public IReadOnlyList<StepReport> Reports { get; internal set; } = [];

    /// <summary>Gets the number of completed steps.</summary>
    public long Steps => Reports is [.., var last] ? last.Step : 0;

    /// <summary>Gets the duration of the run.</summary>
    public TimeSpan Duration { get; internal set; }

    /// <summary>Gets the settings in one line, such as <c>lenet, learningRate 0.003</c>.</summary>
    public string Name => string.Join(
        ", ", Given.Where(item => item.Key != "model").Select(item => $"{item.Key} {item.Value}").Prepend(Settings.Model));

    /// <summary>Returns the run's number, settings, and result in one sentence.</summary>
    public override string ToString() =>
        BoardTexts.Summary.With(Number, Name, Result);

    private string Result => Outcome switch
    {
        BoardOutcome.Completed => BoardTexts.Completed.With(
            Accuracy * 100, StandardError * 100, Evaluation!.Set.Count, Duration.TotalSeconds),
        BoardOutcome.Running => Progress,
        BoardOutcome.Interrupted => BoardTexts.InterruptedAt.With(Progress),
        BoardOutcome.Diverged => BoardTexts.Because.With(BoardTexts.Diverged, Error?.Message),
        _ => BoardTexts.Because.With(BoardTexts.Failed, Error?.Message),
    };

    private string Progress => BoardTexts.AtStep.With(Steps, Settings.MaxNumberOfSteps);
}
