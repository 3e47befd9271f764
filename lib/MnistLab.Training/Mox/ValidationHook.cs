using System.Globalization;

namespace MnistLab.Training;

/// <summary>Watches one figure of the validation data: what early stopping and the plateau have in common.</summary>
public abstract class ValidationHook : RunHook
{
    private readonly string _monitor;
    private readonly double _minDelta;
    private readonly bool _higherIsBetter;

    private protected ValidationHook(string monitor, double minDelta, int patience)
    {
        ArgumentException.ThrowIfNullOrEmpty(monitor);
        ArgumentOutOfRangeException.ThrowIfNegative(minDelta);
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        (_monitor, _minDelta, Patience) = (monitor, minDelta, patience);
        _higherIsBetter = monitor != "loss";
        Best = _higherIsBetter ? double.NegativeInfinity : double.PositiveInfinity;
    }

    /// <summary>The best value so far.</summary>
    public double Best { get; private set; }

    /// <summary>How many evaluations may pass without a better one.</summary>
    public int Patience { get; }

    /// <summary>How many have passed.</summary>
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
            throw new ArgumentException($"There is no figure '{_monitor}' to watch. The validation has: {string.Join(", ", report.Metrics.Keys)}.");
        if (_higherIsBetter ? value > Best + _minDelta : value < Best - _minDelta)
        {
            (Best, Waited) = (value, 0);
            return;
        }

        Waited++;
        if (Waited >= Patience) OutOfPatience(run);
    }

    private protected abstract void OutOfPatience(RunContext run);

    private protected string Standstill => string.Create(CultureInfo.InvariantCulture, $"the validation's {_monitor} has not become better than {Best:G5} in {Patience} evaluations");
}
