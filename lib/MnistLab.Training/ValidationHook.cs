using System.Globalization;
using MnistLab.Hosting;
using MnistLab.Training.Metrics;

namespace MnistLab.Training;

/// <summary>
/// Monitors a metric on the validation data. Base class of <see cref="EarlyStoppingHook"/> and
/// <see cref="PlateauHook"/>.
/// </summary>
public abstract class ValidationHook : RunHook
{
    private readonly string _monitor;
    private readonly double _minDelta;
    private readonly MonitorMode _mode;

    private protected ValidationHook(string monitor, double minDelta, int patience, MonitorMode? mode)
    {
        ArgumentException.ThrowIfNullOrEmpty(monitor);
        NumberRange.Validate(minDelta >= 0 && double.IsFinite(minDelta), minDelta, "a number of at least 0");
        NumberRange.RequireAtLeast(patience, 1);
        (_monitor, _minDelta, Patience) = (monitor, minDelta, patience);
        _mode = MonitorModes.Resolve(monitor, mode);
        Best = _mode == MonitorMode.Max ? double.NegativeInfinity : double.PositiveInfinity;
    }

    /// <summary>Gets the best value so far.</summary>
    public double Best { get; private set; }

    /// <summary>
    /// Gets the number of consecutive evaluations without an improvement after which the hook acts, at least 1.
    /// </summary>
    public int Patience { get; }

    /// <summary>Gets the number of consecutive evaluations without an improvement so far.</summary>
    public int Waited { get; private protected set; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> State => new Dictionary<string, double> { ["best"] = Best, ["waited"] = Waited };

    /// <inheritdoc/>
    public override void Restore(IReadOnlyDictionary<string, double> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (Best, Waited) = (state["best"], (int)state["waited"]);
    }

    /// <inheritdoc/>
    public override void AfterEvaluation(RunContext run, StepReport report)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(report);
        if (!report.Metrics.TryGetValue(_monitor, out var value))
            throw new ArgumentException(
                $"There is no metric '{_monitor}' to monitor. The evaluation has: {string.Join(", ", report.Metrics.Keys)}.");
        if (_mode == MonitorMode.Max ? value > Best + _minDelta : value < Best - _minDelta)
        {
            (Best, Waited) = (value, 0);
            return;
        }

        Waited++;
        if (Waited >= Patience) OutOfPatience(run);
    }

    private protected abstract void OutOfPatience(RunContext run);

    private protected string Standstill => string.Create(
        CultureInfo.InvariantCulture,
        $"the validation's {_monitor} has not improved on {Best:G5} in {Patience} evaluations");
}
