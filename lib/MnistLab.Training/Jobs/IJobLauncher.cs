using System.Diagnostics;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Starts jobs: as a process on this machine, as several cooperating processes, or on a cluster. The specification of a
/// job determines its launcher (<see cref="JobLaunchers"/>). Status, logs, events, stop, and resume do not depend on
/// the launcher.
/// </summary>
internal interface IJobLauncher
{
    /// <summary>Gets whether the launcher has its own queue, in which jobs wait for free resources.</summary>
    bool HasQueue { get; }

    /// <summary>Validates that the programs that start the job are installed.</summary>
    /// <exception cref="TrainingJobException">A program is missing; the message says how to install it.</exception>
    void Validate(TrainingJobSpec spec);

    /// <summary>
    /// Starts the supervising process (<see cref="Worker"/>) of each job, or queues all jobs together.
    /// </summary>
    /// <param name="jobs">The jobs, at least one; their specifications differ only in the parameters.</param>
    /// <param name="cancellationToken">A token to cancel the submission.</param>
    /// <exception cref="TrainingJobException">The jobs could not be started; the message gives the reason.</exception>
    Task StartAsync(IReadOnlyList<JobFolder> jobs, CancellationToken cancellationToken);

    /// <summary>Returns the state of a job that has not recorded its end: whether it may still do so.</summary>
    LaunchState Inspect(JobFolder job, JobRecord record);

    /// <summary>Removes a job from the queue if it is still waiting there.</summary>
    /// <returns>Whether the job was removed, so that it will not run.</returns>
    bool TryRemoveFromQueue(JobFolder job);

    /// <summary>Kills a job that does not stop when asked.</summary>
    void Kill(JobFolder job, JobRecord record);

    /// <summary>
    /// Returns the command with which the supervising process runs the boot file, once for each worker.
    /// </summary>
    /// <exception cref="TrainingJobException">A program is missing; the message says how to install it.</exception>
    ProcessStartInfo CreateBootCommand(JobFolder job, JobRecord record);
}

/// <summary>Represents the state, as known to the launcher, of a job that has not recorded its end.</summary>
/// <param name="Phase">Whether the job is queued, may be running, or is gone.</param>
/// <param name="Reason">The reason why the job is gone; null if it is not.</param>
internal sealed record LaunchState(LaunchPhase Phase, string? Reason = null)
{
    /// <summary>Gets the state of a job that waits in a queue.</summary>
    public static LaunchState Queued { get; } = new(LaunchPhase.Queued);

    /// <summary>Gets the state of a job that is running or being started.</summary>
    public static LaunchState Alive { get; } = new(LaunchPhase.Alive);

    /// <summary>Returns the state of a job that can no longer record its end.</summary>
    public static LaunchState Gone(string reason) => new(LaunchPhase.Gone, reason);
}

/// <summary>Specifies the phase of a job, as known to its launcher.</summary>
internal enum LaunchPhase
{
    /// <summary>The job waits in a queue.</summary>
    Queued,

    /// <summary>The job is running or being started.</summary>
    Alive,

    /// <summary>The supervising process of the job is gone.</summary>
    Gone,
}
