using Microsoft.Data.Analysis;
using MnistLab.Training.Search;

namespace MnistLab.Notebooks;

/// <summary>Converts the trials of a search to a table.</summary>
public static class SearchTable
{
    /// <summary>
    /// Returns a row per trial, in the given order: the number, the hyper-parameters that vary, the status, the last
    /// metrics on the validation data, to four decimals, and the duration in seconds.
    /// </summary>
    /// <param name="trials">The trials of one search.</param>
    public static DataFrame From(IReadOnlyList<SearchTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var table = new DataFrame(new Int32DataFrameColumn("trial", trials.Select(trial => trial.Number)));
        foreach (var name in trials.SelectMany(trial => trial.Parameters.Keys).Distinct())
            table.Columns.Add(new StringDataFrameColumn(name, trials.Select(trial => trial.Parameters.GetValueOrDefault(name))));
        table.Columns.Add(new StringDataFrameColumn("status", trials.Select(trial => trial.Status?.ToString() ?? "not begun")));
        foreach (var name in trials.SelectMany(trial => trial.Validation?.Metrics.Keys ?? []).Distinct())
            table.Columns.Add(new DoubleDataFrameColumn($"validation {name}", trials.Select(trial =>
                trial.Validation is { } last && last.Metrics.TryGetValue(name, out var value) ? Math.Round(value, 4) : (double?)null)));
        table.Columns.Add(new DoubleDataFrameColumn("seconds", trials.Select(trial => Math.Round(trial.Duration.TotalSeconds, 1))));
        return table;
    }
}
