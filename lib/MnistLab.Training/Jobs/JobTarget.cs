namespace MnistLab.Training.Jobs;

/// <summary>Specifies where a training job runs.</summary>
public enum JobTarget
{
    /// <summary>
    /// The job runs on this machine or, if it has several workers and a host file, on the machines in that file.
    /// </summary>
    Local,

    /// <summary>The job runs as a batch job on the Slurm cluster that this machine submits jobs to.</summary>
    Slurm,
}
