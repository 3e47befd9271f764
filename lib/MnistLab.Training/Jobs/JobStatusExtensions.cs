namespace MnistLab.Training.Jobs;

/// <summary>Provides extension methods for <see cref="JobStatus"/>.</summary>
public static class JobStatusExtensions
{
    /// <summary>Returns whether a job in this status has ended.</summary>
    public static bool IsFinal(this JobStatus status) =>
        status is JobStatus.Completed or JobStatus.Failed or JobStatus.Terminated or JobStatus.Abnormal;
}
