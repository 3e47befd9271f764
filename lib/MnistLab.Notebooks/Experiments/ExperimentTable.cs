using Microsoft.Data.Analysis;

namespace MnistLab.Notebooks;

/// <summary>Experiments in one table, to compare them.</summary>
public static class ExperimentTable
{
    /// <summary>
    /// A row per experiment, the best first: <c>learning rate</c>, <c>batch size</c>, <c>steps</c>, the last <c>loss</c> and <c>accuracy</c> on the validation set, and <c>seconds</c>.
    /// </summary>
    /// <exception cref="ArgumentException">A run was never measured on validation data.</exception>
    public static DataFrame Of(IEnumerable<Experiment> experiments)
    {
        ArgumentNullException.ThrowIfNull(experiments);
        var rows = experiments
            .Select(experiment => (Experiment: experiment, Report: experiment.Run.Reports.LastOrDefault(report => report.IsValidation) ?? throw new ArgumentException("A run has no report on validation data: pass evaluateEveryNSteps.", nameof(experiments))))
            .OrderByDescending(row => row.Report.Accuracy)
            .ToList();
        return new DataFrame(
            new DoubleDataFrameColumn("learning rate", rows.Select(row => row.Experiment.LearningRate)),
            new Int32DataFrameColumn("batch size", rows.Select(row => row.Experiment.BatchSize)),
            new Int64DataFrameColumn("steps", rows.Select(row => row.Experiment.Run.Steps)),
            new DoubleDataFrameColumn("loss", rows.Select(row => Math.Round(row.Report.Loss, 3))),
            new DoubleDataFrameColumn("accuracy", rows.Select(row => Math.Round(row.Report.Accuracy, 4))),
            new DoubleDataFrameColumn("seconds", rows.Select(row => Math.Round(row.Experiment.Run.Duration.TotalSeconds, 1))));
    }
}
