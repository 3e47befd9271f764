namespace MnistLab.Training;

/// <summary>Ends a run when the validation does not become better any more (MoXing's early stopping).</summary>
/// <param name="monitor">The figure to watch: <c>loss</c>, of which less is better, or another, of which more is.</param>
/// <param name="minDelta">By how much it has to be better, at least 0.</param>
/// <param name="patience">How many evaluations in a row may be no better, at least 1.</param>
public sealed class EarlyStoppingHook(string monitor = "loss", double minDelta = 0, int patience = 3) : ValidationHook(monitor, minDelta, patience)
{
    private protected override void OutOfPatience(RunContext run) => run.Stop(Standstill);
}
