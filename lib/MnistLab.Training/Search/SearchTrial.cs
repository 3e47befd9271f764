using MnistLab.Training.Jobs;
using MnistLab.Training.Metrics;

namespace MnistLab.Training.Search;

/// <summary>One combination of hyper-parameters, and what came of it.</summary>
/// <param name="Number">Its number in the search, from 1.</param>
/// <param name="Parameters">The hyper-parameters that vary, with their values.</param>
/// <param name="Job">The job that trained with them; null if the search's budget was used up before.</param>
/// <param name="Status">How far it came; null if there is no job.</param>
/// <param name="Validation">The metrics, on the validation data, of the weights that the job ended with; null if there are none.</param>
/// <param name="Duration">How long its job took.</param>
/// <param name="WasThere">Whether an earlier search had done it already.</param>
public sealed record SearchTrial(
    int Number,
    IReadOnlyDictionary<string, string> Parameters,
    TrainingJob? Job,
    JobStatus? Status,
    StepReport? Validation,
    TimeSpan Duration,
    bool WasThere)
{
    /// <summary>The parameters, the status and the figures.</summary>
    public override string ToString() =>
        $"{Number}: {string.Join(", ", Parameters.Select(item => $"{item.Key} {item.Value}"))} → {(Status is null ? "not begun: the budget is used up" : Validation?.ToString() ?? Status.ToString())}";
}
