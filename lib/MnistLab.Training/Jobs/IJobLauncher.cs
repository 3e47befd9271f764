using System.Diagnostics;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Starts jobs somewhere: as a process on this machine, as several that work together, or on a cluster. A job's form
/// chooses the launcher (<see cref="JobLaunchers"/>); its state, logs, events, stop, and resume do not depend on it.
/// </summary>
internal interface IJobLauncher
{
    /// <summary>Gets whether jobs wait in a queue of the launcher's own until there is room for them.</summary>
    bool HasQueue { get; }

    /// <summary>Checks that what starts the job is installed.</summary>
    /// <exception cref="TrainingJobException">A program is missing; the message says how to install it.</exception>
    void Validate(TrainingJobSpec spec);

    /// <summary>Starts the supervising process of each job (<see cref="Worker"/>), or queues them, all together.</summary>
    /// <param name="jobs">The jobs: at least one, all of the same form but for their parameters.</param>
    /// <param name="cancellationToken">Ends the submission.</param>
    /// <exception cref="TrainingJobException">They could not be started; the message says why.</exception>
    Task StartAsync(IReadOnlyList<JobFolder> jobs, CancellationToken cancellationToken);

    /// <summary>Returns whether a job that has recorded no end may still do so.</summary>
    LaunchState Inspect(JobFolder job, JobRecord record);

    /// <summary>Removes a job from the queue, if it still waits there.</summary>
    /// <returns>Whether it will not run any more.</returns>
    bool TryRemoveFromQueue(JobFolder job);

    /// <summary>Ends a job that does not end when asked.</summary>
    void Kill(JobFolder job, JobRecord record);

    /// <summary>Returns the command by which the supervising process runs the boot file, once for each worker.</summary>
    /// <exception cref="TrainingJobException">A program is missing; the message says how to install it.</exception>
    ProcessStartInfo CreateBootCommand(JobFolder job, JobRecord record);
}

/// <summary>Represents what a launcher knows about a job that has recorded no end.</summary>
/// <param name="Phase">Whether it waits, may run, or is gone.</param>
/// <param name="Reason">Why it is gone; null if it is not.</param>
internal sealed record LaunchState(LaunchPhase Phase, string? Reason = null)
{
    /// <summary>The job waits in a queue.</summary>
    public static LaunchState Queued { get; } = new(LaunchPhase.Queued);

    /// <summary>The job runs, or is being started.</summary>
    public static LaunchState Alive { get; } = new(LaunchPhase.Alive);

    /// <summary>The job can record no end any more.</summary>
    public static LaunchState Gone(string reason) => new(LaunchPhase.Gone, reason);
}

/// <summary>How far a launcher is with a job.</summary>
internal enum LaunchPhase
{
    /// <summary>It waits in a queue.</summary>
    Queued,

    /// <summary>It runs, or is being started.</summary>
    Alive,

    /// <summary>Its supervising process is gone.</summary>
    Gone,
}
