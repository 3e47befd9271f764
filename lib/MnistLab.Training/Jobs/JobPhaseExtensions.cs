namespace MnistLab.Training;

/// <summary>What a phase means for those who wait.</summary>
public static class JobPhaseExtensions
{
    /// <summary>Whether a job in this phase has ended.</summary>
    public static bool IsFinal(this JobPhase phase) => phase is JobPhase.Completed or JobPhase.Failed or JobPhase.Terminated or JobPhase.Abnormal;
}
