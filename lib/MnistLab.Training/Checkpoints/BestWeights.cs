using System.Globalization;
using MnistLab.Training.Metrics;
using static TorchSharp.torch;

namespace MnistLab.Training.Checkpoints;

/// <summary>Keeps a copy of the weights with the lowest validation loss so far in a run, and their metrics.</summary>
internal sealed class BestWeights : IDisposable
{
    private const string StepKey = "run.best_step";
    private const string MetricPrefix = "run.best.";

    private readonly Dictionary<string, Tensor> _weights = new(StringComparer.Ordinal);

    /// <summary>Gets the validation metrics of the best weights; null before the first evaluation.</summary>
    public StepReport? Report { get; private set; }

    /// <summary>
    /// Gets whether the weights are known. They are unknown if a resumed run did not find the checkpoint that holds
    /// them.
    /// </summary>
    public bool AreKnown => _weights.Count > 0;

    /// <summary>Gets the state that a checkpoint must record for a run that resumes from it.</summary>
    public IEnumerable<KeyValuePair<string, double>> State => Report is null ? [] : Report.Metrics
        .Select(metric => KeyValuePair.Create(MetricPrefix + metric.Key, metric.Value))
        .Append(KeyValuePair.Create(StepKey, (double)Report.Step));

    /// <summary>
    /// Returns the step of the best weights recorded in a checkpoint's state; null if it records none.
    /// </summary>
    public static long? StepOf(IReadOnlyDictionary<string, double> state) => state.TryGetValue(StepKey, out var step) ? (long)step : null;

    /// <summary>Copies the weights if they are the best so far. A NaN loss is never better.</summary>
    /// <returns>Whether the weights are the best so far.</returns>
    public bool Update(nn.Module<Tensor, Tensor> network, StepReport report)
    {
        if (Report is not null && !(report.Loss < Report.Loss)) return false;
        if (double.IsNaN(report.Loss)) return false;
        Report = report;
        Copy(network);
        return true;
    }

    /// <summary>
    /// Resumes from a checkpoint's state; the weights themselves are in the folder's best checkpoint.
    /// </summary>
    /// <param name="checkpoints">The folder.</param>
    /// <param name="state">The state of the checkpoint that the run resumes from.</param>
    /// <param name="network">The network; its weights are overwritten.</param>
    /// <exception cref="CheckpointException">The best checkpoint is damaged or belongs to another network.</exception>
    public void Resume(CheckpointFolder checkpoints, IReadOnlyDictionary<string, double> state, nn.Module<Tensor, Tensor> network)
    {
        if (StepOf(state) is not { } step) return;
        var metrics = state.Where(item => item.Key.StartsWith(MetricPrefix, StringComparison.Ordinal))
            .Select(item => KeyValuePair.Create(item.Key[MetricPrefix.Length..], item.Value))
            // The loss comes first in every report.
            .OrderBy(item => item.Key == "loss" ? "" : item.Key, StringComparer.Ordinal);
        Report = new StepReport(step, new Dictionary<string, double>(metrics, StringComparer.Ordinal));
        // A killed run may have saved even better weights after the checkpoint that this run resumes from.
        if (checkpoints.Best is { } best && CheckpointFolder.Restore(best, network, null, null).Step == step) Copy(network);
    }

    /// <summary>Restores the best weights into the network.</summary>
    public void Restore(nn.Module<Tensor, Tensor> network)
    {
        using var gradientsOff = no_grad();
        foreach (var (name, weight) in network.state_dict()) weight.copy_(_weights[name]);
    }

    /// <summary>Returns a description of the best weights for the log.</summary>
    public override string ToString() => Report is null ? "none" :
        string.Create(CultureInfo.InvariantCulture, $"the weights of step {Report.Step}, the best by validation loss ({Report.Loss:F3})");

    public void Dispose()
    {
        foreach (var weight in _weights.Values) weight.Dispose();
        _weights.Clear();
    }

    private void Copy(nn.Module<Tensor, Tensor> network)
    {
        Dispose();
        using var gradientsOff = no_grad();
        foreach (var (name, weight) in network.state_dict()) _weights[name] = weight.clone().DetachFromDisposeScope();
    }
}
