namespace MnistLab.Training.Jobs;

/// <summary>How far a training job is (ModelArts' job statuses).</summary>
public enum JobStatus
{
    /// <summary>It is being set up.</summary>
    Creating,

    /// <summary>
    /// Its worker waits, because as many jobs run as may run at once; or the job waits in the queue of a cluster.
    /// </summary>
    Pending,

    /// <summary>Its worker runs.</summary>
    Running,

    /// <summary>It ended well; its outputs are complete.</summary>
    Completed,

    /// <summary>
    /// Its boot file failed, crashed, or could not be compiled, or its outputs could not be uploaded; <see
    /// cref="TrainingJob.Reason"/> tells which, and the log says why.
    /// </summary>
    Failed,

    /// <summary>It was asked to stop, and is still busy with that.</summary>
    Terminating,

    /// <summary>It was stopped on request or after its time.</summary>
    Terminated,

    /// <summary>Its worker is gone and recorded no end: it was killed, or the machine was restarted.</summary>
    Abnormal,
}
