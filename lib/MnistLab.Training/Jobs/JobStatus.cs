namespace MnistLab.Training.Jobs;

/// <summary>Specifies the status of a training job (the job statuses of ModelArts).</summary>
public enum JobStatus
{
    /// <summary>The job is being set up.</summary>
    Creating,

    /// <summary>
    /// The job waits for a free slot, because the maximum number of jobs is running, or it waits in the queue of a
    /// cluster.
    /// </summary>
    Pending,

    /// <summary>The job is running.</summary>
    Running,

    /// <summary>The job succeeded; its outputs are complete.</summary>
    Completed,

    /// <summary>
    /// The job failed: for example, its boot file failed, crashed, or could not be compiled, or its outputs could not
    /// be uploaded. <see cref="TrainingJob.Reason"/> describes the failure, and the log contains the details.
    /// </summary>
    Failed,

    /// <summary>The job was asked to stop and has not ended yet.</summary>
    Terminating,

    /// <summary>The job was stopped, on request or at its time limit.</summary>
    Terminated,

    /// <summary>
    /// The supervising process is gone and did not record how the job ended: it was killed, or the machine was
    /// restarted.
    /// </summary>
    Abnormal,
}
