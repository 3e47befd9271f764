using MnistLab.Training.Metrics;

namespace MnistLab.Training;

/// <summary>
/// Takes part in a training run: override what is of interest. A hook that remembers something between steps has to give it to checkpoints,
/// by <see cref="State"/>, so that a run that goes on is the same as one that was never interrupted.
/// </summary>
public abstract class RunHook
{
    /// <summary>What the hook remembers, by name.</summary>
    public virtual IReadOnlyDictionary<string, double> State => new Dictionary<string, double>();

    /// <summary>Takes back what it remembered, from a checkpoint.</summary>
    public virtual void Restore(IReadOnlyDictionary<string, double> state)
    {
    }

    /// <summary>After a step: the weights are changed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="loss">The loss of the step's batch, before its change.</param>
    public virtual void AfterStep(RunContext run, double loss)
    {
    }

    /// <summary>After the model was measured on the validation data.</summary>
    public virtual void AfterEvaluation(RunContext run, StepReport report)
    {
    }
}
