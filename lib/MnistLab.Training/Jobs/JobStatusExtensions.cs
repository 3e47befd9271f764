namespace MnistLab.Training.Jobs;

/// <summary>What a status means for those who wait.</summary>
public static class JobStatusExtensions
{
    /// <summary>Whether a job in this status has ended.</summary>
    public static bool IsFinal(this JobStatus status) =>
        status is JobStatus.Completed or JobStatus.Failed or JobStatus.Terminated or JobStatus.Abnormal;
}
