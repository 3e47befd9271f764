using MnistLab.Training.Metrics;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>What a run leaves.</summary>
/// <param name="Network">The network, in evaluation mode. The caller disposes it.</param>
/// <param name="Reports">The reports of the run, in the order they were logged: of training batches and of validation data.</param>
/// <param name="Steps">The number of steps done, those before <see cref="StartStep"/> included.</param>
/// <param name="Duration">How long it took.</param>
public sealed record RunResult(nn.Module<Tensor, Tensor> Network, IReadOnlyList<StepReport> Reports, long Steps, TimeSpan Duration)
{
    /// <summary>What <see cref="RunMode.Predict"/> computed, by name: a row for each sample.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<float[]>> Outputs { get; init; } = new Dictionary<string, IReadOnlyList<float[]>>();

    /// <summary>The step that the run began after: 0, or that of the checkpoint that it went on from.</summary>
    public long StartStep { get; init; }

    /// <summary>Gets the step whose weights the network has: that of the best evaluation if they were restored, otherwise <see cref="Steps"/>.</summary>
    public long WeightsStep { get; init; } = Steps;

    /// <summary>Gets the metrics of the network on the validation data; null if its weights were not evaluated.</summary>
    public StepReport? Validation { get; init; }

    /// <summary>Why the run ended before its last step; null if it did not.</summary>
    public string? StopReason { get; init; }

    /// <summary>The folder that the model was exported to; null if it was not.</summary>
    public string? ExportFolder { get; init; }
}
