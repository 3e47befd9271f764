using TorchSharp.Modules;

namespace MnistLab.Training;

/// <summary>What a run leaves.</summary>
/// <param name="Network">The network, in evaluation mode. The caller disposes it.</param>
/// <param name="Reports">The reports of the run, in the order they were logged: of training batches and of validation data.</param>
/// <param name="Steps">The number of steps done.</param>
/// <param name="Duration">How long it took.</param>
public sealed record RunResult(Sequential Network, IReadOnlyList<StepReport> Reports, long Steps, TimeSpan Duration);
