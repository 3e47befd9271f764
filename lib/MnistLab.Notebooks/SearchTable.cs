using System.Globalization;
using Microsoft.Data.Analysis;
using MnistLab.Training.Search;

namespace MnistLab.Notebooks;

/// <summary>Converts the trials of a search to a table.</summary>
public static class SearchTable
{
    private const string Accuracy = "accuracy";

    /// <summary>
    /// Returns a row per trial, in the given order: the number, the hyper-parameters that vary, the status, the last
    /// metrics on the validation data, to three decimals, the standard error of the accuracy (<c>±</c>), the duration
    /// in seconds, and <c>result</c>: which trials are clearly below the most accurate one, and which are within the
    /// noise. The most accurate one is the best only if it is clearly above every other one.
    /// </summary>
    /// <param name="trials">The trials of one search.</param>
    /// <param name="images">The number of validation images, at least 1.</param>
    public static DataFrame From(IReadOnlyList<SearchTrial> trials, int images)
    {
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        var table = new DataFrame(new Int32DataFrameColumn("trial", trials.Select(trial => trial.Number)));
        foreach (var name in trials.SelectMany(trial => trial.Parameters.Keys).Distinct())
            table.Columns.Add(Values(name, [.. trials.Select(trial => trial.Parameters.GetValueOrDefault(name))]));
        table.Columns.Add(new StringDataFrameColumn("status", trials.Select(trial => trial.Status?.ToString() ?? "not begun")));
        foreach (var name in trials.SelectMany(trial => trial.Validation?.Metrics.Keys ?? []).Distinct())
        {
            var values = trials.Select(trial => Rounded(trial, name));
            table.Columns.Add(new DoubleDataFrameColumn($"validation {name}", values));
        }

        var estimates = trials.Select(trial => EstimateOf(trial, images)).ToList();
        table.Columns.Add(new DoubleDataFrameColumn("±", estimates.Select(estimate => estimate is { Error: var error }
            ? Math.Round(error, 3)
            : (double?)null)));
        table.Columns.Add(new DoubleDataFrameColumn("seconds", trials.Select(trial => Math.Round(trial.Duration.TotalSeconds, 1))));
        table.Columns.Add(new StringDataFrameColumn("result", Estimate.Compare(estimates)));
        return table;
    }

    // Numbers are aligned at the decimal point; other values, such as names, are treated as text.
    private static DataFrameColumn Values(string name, IReadOnlyList<string?> texts)
    {
        double? Number(string? text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
        var numbers = texts.Select(Number).ToList();
        return texts.Zip(numbers).All(value => value.First is null || value.Second is not null)
            ? new DoubleDataFrameColumn(name, numbers)
            : new StringDataFrameColumn(name, texts);
    }

    private static double? Rounded(SearchTrial trial, string metric) =>
        trial.Validation is { } last && last.Metrics.TryGetValue(metric, out var value) ? Math.Round(value, 3) : null;

    private static Estimate? EstimateOf(SearchTrial trial, int images) =>
        trial.Validation is { } last && last.Metrics.TryGetValue(Accuracy, out var value)
            ? Estimate.Compute(value, images)
            : null;
}
