using System.Globalization;
using MnistLab.Hosting;

namespace MnistLab.Training;

/// <summary>
/// Lowers the learning rate when a validation metric stops improving, and ends the run after the maximum number of
/// drops (MoXing's plateau hook).
/// </summary>
public sealed class PlateauHook : ValidationHook
{
    private readonly double _factor;
    private readonly int _maxDrops;
    private int _drops;

    /// <summary>Initializes a new instance of the <see cref="PlateauHook"/> class.</summary>
    /// <param name="monitor">The metric to monitor.</param>
    /// <param name="minDelta">The smallest change that counts as an improvement, at least 0.</param>
    /// <param name="patience">
    /// The number of consecutive evaluations without an improvement after which the learning rate is lowered, at least
    /// 1.
    /// </param>
    /// <param name="factor">The factor that the learning rate is multiplied by at each drop, in (0, 1).</param>
    /// <param name="maxDrops">
    /// The number of times that the learning rate is lowered before the run ends, at least 0.
    /// </param>
    /// <param name="mode">
    /// Whether lower or higher values are better; required unless the metric is <c>loss</c> or <c>accuracy</c>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The mode is missing or contradicts the metric, or a value is out of range.
    /// </exception>
    public PlateauHook(
        string monitor = "loss",
        double minDelta = 0,
        int patience = 3,
        double factor = 0.1,
        int maxDrops = 2,
        MonitorMode? mode = null) : base(monitor, minDelta, patience, mode)
    {
        NumberRange.Validate(factor is > 0 and < 1, factor, "a number between 0 and 1");
        NumberRange.RequireAtLeast(maxDrops, 0);
        (_factor, _maxDrops) = (factor, maxDrops);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> State => new Dictionary<string, double>(base.State) { ["drops"] = _drops };

    /// <inheritdoc/>
    public override void Restore(IReadOnlyDictionary<string, double> state)
    {
        base.Restore(state);
        _drops = (int)state["drops"];
    }

    private protected override void OutOfPatience(RunContext run)
    {
        if (_drops == _maxDrops)
        {
            run.Stop(string.Create(CultureInfo.InvariantCulture, $"{Standstill}, and the learning rate was lowered {_drops} times"));
            return;
        }

        _drops++;
        Waited = 0;
        run.LearningRateFactor *= _factor;
        run.Log(string.Create(
            CultureInfo.InvariantCulture,
            $"step: {run.Step} the learning rate is multiplied by {run.LearningRateFactor:G3}: {Standstill}"));
    }
}
