using Microsoft.Data.Analysis;

namespace MnistLab.Notebooks;

/// <summary>Compares experiments in a table.</summary>
public static class ExperimentTable
{
    /// <summary>
    /// Returns a row per experiment, the most accurate first: <c>learning rate</c>, <c>batch size</c>, <c>steps</c>,
    /// <c>runs</c>, the mean of the last validation <c>loss</c> and <c>accuracy</c> (in percent) of the runs, the
    /// standard error of the accuracy (<c>±</c>), the mean duration of a run in <c>seconds</c>, and <c>result</c>:
    /// which experiments are clearly below the first, and which are within the noise. The first is the best only if it
    /// is clearly above every other one.
    /// </summary>
    /// <param name="experiments">The experiments.</param>
    /// <param name="images">The number of validation images, at least 1.</param>
    /// <exception cref="ArgumentException">
    /// There are no experiments, or a run has no report on validation data.
    /// </exception>
    public static DataFrame Compute(IEnumerable<Experiment> experiments, int images)
    {
        ArgumentNullException.ThrowIfNull(experiments);
        var rows = experiments
            .Select(experiment => (Experiment: experiment, Estimate: Estimate.Compute(experiment.Accuracies, images)))
            .OrderByDescending(row => row.Estimate.Value)
            .ToList();
        if (rows.Count == 0) throw new ArgumentException("There are no experiments to compare.", nameof(experiments));
        return new DataFrame(
            new DoubleDataFrameColumn("learning rate", rows.Select(row => row.Experiment.LearningRate)),
            new Int32DataFrameColumn("batch size", rows.Select(row => row.Experiment.BatchSize)),
            new Int64DataFrameColumn("steps", rows.Select(row => row.Experiment.Runs[0].Steps)),
            new Int32DataFrameColumn("runs", rows.Select(row => row.Experiment.Runs.Count)),
            new DoubleDataFrameColumn("loss", rows.Select(row => Math.Round(row.Experiment.Loss, 3))),
            new DoubleDataFrameColumn("accuracy", rows.Select(row => Math.Round(row.Estimate.Value * 100, 1))),
            new DoubleDataFrameColumn("±", rows.Select(row => Math.Round(row.Estimate.Error * 100, 1))),
            new DoubleDataFrameColumn(
                "seconds",
                rows.Select(row => Math.Round(row.Experiment.Runs.Average(run => run.Duration.TotalSeconds), 1))),
            new StringDataFrameColumn("result", Estimate.Compare([.. rows.Select(row => row.Estimate)])));
    }
}
