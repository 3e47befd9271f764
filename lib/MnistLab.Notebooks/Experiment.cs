using MnistLab.Training;
using MnistLab.Training.Metrics;

namespace MnistLab.Notebooks;

/// <summary>Represents hyper-parameters that were tried in one or more training runs with different seeds.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="BatchSize">The number of samples per step.</param>
/// <param name="Runs">The runs, each with at least one report on validation data.</param>
public sealed record Experiment(double LearningRate, int BatchSize, params IReadOnlyList<RunResult> Runs)
{
    /// <summary>Gets the last accuracy of each run on the validation data.</summary>
    /// <exception cref="ArgumentException">A run has no report on validation data.</exception>
    public IReadOnlyList<double> Accuracies => [.. Last.Select(report => report.Accuracy)];

    /// <summary>Gets the mean of the runs' last losses on the validation data.</summary>
    /// <exception cref="ArgumentException">A run has no report on validation data.</exception>
    public double Loss => Last.Average(report => report.Loss);

    /// <summary>Gets the mean of <see cref="Accuracies"/>.</summary>
    public double Accuracy => Accuracies.Average();

    private IEnumerable<StepReport> Last => Runs.Select(run => run.Reports.LastOrDefault(report => report.IsValidation)
        ?? throw new ArgumentException("A run has no report on validation data: pass evaluateEveryNSteps."));
}
