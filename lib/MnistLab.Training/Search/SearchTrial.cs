using MnistLab.Training.Jobs;
using MnistLab.Training.Metrics;

namespace MnistLab.Training.Search;

/// <summary>Represents a trial of a search: a combination of hyper-parameters and its result.</summary>
/// <param name="Number">The number of the trial in the search, from 1.</param>
/// <param name="Parameters">The hyper-parameters that vary, with their values.</param>
/// <param name="Job">The job that ran the trial; null if the search's budget was used up first.</param>
/// <param name="Status">The status of the job; null if there is no job.</param>
/// <param name="Validation">The validation metrics of the job's final weights; null if there are none.</param>
/// <param name="Duration">The duration of the job; zero if there is no job.</param>
/// <param name="WasThere">Whether an earlier search completed the trial.</param>
public sealed record SearchTrial(
    int Number,
    IReadOnlyDictionary<string, string> Parameters,
    TrainingJob? Job,
    JobStatus? Status,
    StepReport? Validation,
    TimeSpan Duration,
    bool WasThere)
{
    /// <summary>Returns the parameters and the validation metrics or status.</summary>
    public override string ToString() =>
        $"{Number}: {string.Join(", ", Parameters.Select(item => $"{item.Key} {item.Value}"))} → {(Status is null ? "not begun: the budget is used up" : Validation?.ToString() ?? Status.ToString())}";
}
