using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>Represents a training run to its hooks.</summary>
public sealed class RunContext
{
    private readonly TextWriter _log;

    internal RunContext(nn.Module<Tensor, Tensor> network, TextWriter log) => (Network, _log) = (network, log);

    /// <summary>Gets the network.</summary>
    public nn.Module<Tensor, Tensor> Network { get; }

    /// <summary>Gets the number of completed steps.</summary>
    public long Step { get; internal set; }

    /// <summary>Gets or sets the factor that the schedule's learning rate is multiplied by; initially 1.</summary>
    public double LearningRateFactor { get; set; } = 1;

    /// <summary>Gets the reason why the run ends before its last step; null if it does not.</summary>
    public string? StopReason { get; internal set; }

    /// <summary>
    /// Requests that the run end after the current step. If several reasons are given, the first is kept.
    /// </summary>
    /// <param name="reason">The reason, for the log.</param>
    public void Stop(string reason) => StopReason ??= reason;

    /// <summary>Writes a line to the run's log.</summary>
    public void Log(string line) => _log.WriteLine(line);
}
