namespace MnistLab.Training.Jobs;

/// <summary>Chooses the launcher of a job by its specification.</summary>
/// <param name="home">The folder of the workspace.</param>
/// <param name="time">The clock.</param>
internal sealed class JobLaunchers(string home, TimeProvider time)
{
    private readonly LocalLauncher _local = new(home, time);
    private readonly MpiLauncher _mpi = new(home, time);
    private readonly SlurmLauncher _slurm = new(home, time);

    /// <summary>Returns the launcher for a target and a number of workers.</summary>
    public IJobLauncher Choose(JobTarget target, int workers) => target switch
    {
        JobTarget.Slurm => _slurm,
        _ => workers > 1 ? _mpi : _local,
    };
}
