using MnistLab.Training.Metrics;

namespace MnistLab.Training;

/// <summary>
/// Represents a hook that is called during a training run; override the methods you need. A hook that keeps state
/// between steps must return it from <see cref="State"/>, which is saved in checkpoints, so that a resumed run is the
/// same as an uninterrupted one.
/// </summary>
public abstract class RunHook
{
    /// <summary>Gets the state of the hook, by name.</summary>
    public virtual IReadOnlyDictionary<string, double> State => new Dictionary<string, double>();

    /// <summary>Restores the state from a checkpoint.</summary>
    public virtual void Restore(IReadOnlyDictionary<string, double> state)
    {
    }

    /// <summary>Called after each training step, when the weights are updated.</summary>
    /// <param name="run">The run.</param>
    /// <param name="loss">The loss of the step's batch, computed before the update.</param>
    public virtual void AfterStep(RunContext run, double loss)
    {
    }

    /// <summary>Called after each evaluation on the validation data.</summary>
    public virtual void AfterEvaluation(RunContext run, StepReport report)
    {
    }
}
