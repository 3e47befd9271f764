using MnistLab.Training.Metrics;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>Represents the result of a run.</summary>
/// <param name="Network">The network, in evaluation mode. The caller disposes it.</param>
/// <param name="Reports">
/// The reports on training batches and on the validation data, in the order in which they were logged.
/// </param>
/// <param name="Steps">The number of completed steps, including those before <see cref="StartStep"/>.</param>
/// <param name="Duration">The duration of the run.</param>
public sealed record RunResult(nn.Module<Tensor, Tensor> Network, IReadOnlyList<StepReport> Reports, long Steps, TimeSpan Duration)
{
    /// <summary>Gets the outputs of <see cref="RunMode.Predict"/>, by name: one row for each sample.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<float[]>> Outputs { get; init; } = new Dictionary<string, IReadOnlyList<float[]>>();

    /// <summary>
    /// Gets the step after which the run started: 0, or the step of the checkpoint that it resumed from.
    /// </summary>
    public long StartStep { get; init; }

    /// <summary>
    /// Gets the step that the network's weights are from: the step of the best evaluation if its weights were restored,
    /// otherwise <see cref="Steps"/>.
    /// </summary>
    public long WeightsStep { get; init; } = Steps;

    /// <summary>
    /// Gets the metrics of the network on the validation data; null if its weights were not evaluated.
    /// </summary>
    public StepReport? Validation { get; init; }

    /// <summary>Gets the reason why the run ended before its last step; null if it did not.</summary>
    public string? StopReason { get; init; }

    /// <summary>Gets the folder that the model was exported to; null if it was not exported.</summary>
    public string? ExportFolder { get; init; }
}
