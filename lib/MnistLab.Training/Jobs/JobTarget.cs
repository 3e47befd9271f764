namespace MnistLab.Training.Jobs;

/// <summary>Specifies where a training job runs.</summary>
public enum JobTarget
{
    /// <summary>On this machine, and on the machines of a host file if the job has several workers and names one.</summary>
    Local,

    /// <summary>On the Slurm cluster that this machine submits jobs to, as a batch job.</summary>
    Slurm,
}
