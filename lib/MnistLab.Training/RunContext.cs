using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>A run, as its hooks see it.</summary>
public sealed class RunContext
{
    private readonly TextWriter _log;

    internal RunContext(nn.Module<Tensor, Tensor> network, TextWriter log) => (Network, _log) = (network, log);

    /// <summary>The network.</summary>
    public nn.Module<Tensor, Tensor> Network { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; internal set; }

    /// <summary>By what the schedule's learning rate is multiplied; 1 at first.</summary>
    public double LearningRateFactor { get; set; } = 1;

    /// <summary>Why the run ends before its last step; null if it does not.</summary>
    public string? StopReason { get; internal set; }

    /// <summary>Lets the run end after this step.</summary>
    /// <param name="reason">Why, for the log.</param>
    public void Stop(string reason) => StopReason ??= reason;

    /// <summary>Writes a line to the run's log.</summary>
    public void Log(string line) => _log.WriteLine(line);
}
