using System.Globalization;

namespace MnistLab.Training;

/// <summary>Lowers the learning rate when the validation does not become better any more, and ends the run when that has been done often enough (MoXing's plateau hook).</summary>
public sealed class PlateauHook : ValidationHook
{
    private readonly double _factor;
    private readonly int _mostDrops;
    private int _drops;

    /// <summary>Creates the hook.</summary>
    /// <param name="monitor">The figure to watch: <c>loss</c>, of which less is better, or another, of which more is.</param>
    /// <param name="minDelta">By how much it has to be better, at least 0.</param>
    /// <param name="patience">How many evaluations in a row may be no better, at least 1.</param>
    /// <param name="factor">What the learning rate is multiplied by, in (0, 1).</param>
    /// <param name="mostDrops">How often it is lowered before the run ends, at least 0.</param>
    public PlateauHook(string monitor = "loss", double minDelta = 0, int patience = 3, double factor = 0.1, int mostDrops = 2) : base(monitor, minDelta, patience)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(factor, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(mostDrops);
        (_factor, _mostDrops) = (factor, mostDrops);
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
        if (_drops == _mostDrops)
        {
            run.Stop(string.Create(CultureInfo.InvariantCulture, $"{Standstill}, and the learning rate was lowered {_drops} times"));
            return;
        }

        _drops++;
        Waited = 0;
        run.LearningRateFactor *= _factor;
        run.Log(string.Create(CultureInfo.InvariantCulture, $"step: {run.Step} the learning rate is multiplied by {run.LearningRateFactor:G3}: {Standstill}"));
    }
}
