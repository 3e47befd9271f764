using System.Collections.Concurrent;
using System.Diagnostics;
using MnistLab.Data.Workspaces;
using MnistLab.Hosting;

namespace MnistLab.Training.Jobs;

/// <summary>Starts each job as a process on this machine that outlives the process that submits it.</summary>
/// <param name="home">The folder of the workspace.</param>
/// <param name="time">The clock.</param>
internal class LocalLauncher(string home, TimeProvider time) : IJobLauncher
{
    private const string SupervisorIsGone =
        "the process of worker-0 is gone: it was killed, or the machine was restarted. "
        + "Resume the job from its newest checkpoint, or retry it";

    // A newly started process may not have acquired its lock yet.
    private static readonly TimeSpan TimeToStart = TimeSpan.FromMinutes(1);

    // Only the processes started by this program; jobs submitted by other programs are missing.
    private readonly ConcurrentDictionary<string, Process> _started = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool HasQueue => false;

    /// <inheritdoc/>
    public virtual void Validate(TrainingJobSpec spec)
    {
    }

    /// <inheritdoc/>
    public Task StartAsync(IReadOnlyList<JobFolder> jobs, CancellationToken cancellationToken)
    {
        foreach (var job in jobs) _started[job.Path] = Start(job);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public LaunchState Inspect(JobFolder job, JobRecord record)
    {
        var hasExited = _started.TryGetValue(job.Path, out var process) && process.HasExited;
        var mayStart = record.Status == JobStatus.Creating && !hasExited;
        if (mayStart && time.GetUtcNow() - record.Created < TimeToStart) return LaunchState.Alive;
        return job.IsLocked ? LaunchState.Alive : LaunchState.Gone(SupervisorIsGone);
    }

    /// <inheritdoc/>
    public bool TryRemoveFromQueue(JobFolder job) => false;

    /// <inheritdoc/>
    public void Kill(JobFolder job, JobRecord record)
    {
        if (record.ProcessId is { } id && job.IsLocked)
            ProcessIdentity.Find(id, record.ProcessStart)?.Kill(entireProcessTree: true);
    }

    /// <inheritdoc/>
    public virtual ProcessStartInfo CreateBootCommand(JobFolder job, JobRecord record) =>
        Redirected(job, DotnetHost.Path, BootArguments(job));

    /// <summary>Returns the arguments of <c>dotnet</c> that run the boot file of a job.</summary>
    internal static string[] BootArguments(JobFolder job) =>
        [typeof(BootProgram).Assembly.Location, BootProgram.Command, job.Path];

    /// <summary>
    /// Returns the start information of a process that runs in a job's folder, with its standard streams redirected to
    /// this process.
    /// </summary>
    internal static ProcessStartInfo Redirected(JobFolder job, string program, IEnumerable<string> arguments) =>
        new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = job.Path,
        };

    private Process Start(JobFolder job)
    {
        // The process writes its own log and does not depend on a reader of its output.
        var start = Redirected(job, DotnetHost.Path, [typeof(Worker).Assembly.Location, Worker.Command, job.Path]);
        start.Environment[Workspace.HomeVariable] = home;
        var process = Process.Start(start)
            ?? throw new TrainingJobException($"The worker in {job.Path} could not be started with {DotnetHost.Path}.");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
