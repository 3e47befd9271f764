namespace MnistLab.Training;

/// <summary>How far a training job is (ModelArts' job statuses).</summary>
public enum JobPhase
{
    /// <summary>It is being set up.</summary>
    Creating,

    /// <summary>Its worker runs.</summary>
    Running,

    /// <summary>It ended well; its outputs are complete.</summary>
    Completed,

    /// <summary>Its boot file failed or could not be compiled; the log says why.</summary>
    Failed,

    /// <summary>It was stopped on request.</summary>
    Terminated,
}
