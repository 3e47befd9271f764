namespace MnistLab.Training;

/// <summary>Ends a run when a validation metric stops improving (MoXing's early stopping).</summary>
/// <param name="monitor">The metric to monitor.</param>
/// <param name="minDelta">The smallest change that counts as an improvement, at least 0.</param>
/// <param name="patience">
/// The number of consecutive evaluations without an improvement after which the run ends, at least 1.
/// </param>
/// <param name="mode">
/// Whether lower or higher values are better; required unless the metric is <c>loss</c> or <c>accuracy</c>.
/// </param>
/// <exception cref="ArgumentException">
/// The mode is missing or contradicts the metric, or a value is out of range.
/// </exception>
public sealed class EarlyStoppingHook(string monitor = "loss", double minDelta = 0, int patience = 3, MonitorMode? mode = null)
    : ValidationHook(monitor, minDelta, patience, mode)
{
    private protected override void OutOfPatience(RunContext run) => run.Stop(Standstill);
}
