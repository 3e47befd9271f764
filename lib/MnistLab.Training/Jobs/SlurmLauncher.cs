using System.Diagnostics;
using System.Globalization;
using System.Text;
using MnistLab.Data.Workspaces;
using MnistLab.Hosting;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Submits jobs to a Slurm cluster: a single job as a batch job, and the jobs of a search as a job array. The
/// supervising process of each job runs on the first of its nodes; all nodes must see the folder of the workspace under
/// the same path. Slurm reads cluster options, such as the partition, from its own variables (<c>SBATCH_PARTITION</c>,
/// <c>SBATCH_ACCOUNT</c>).
/// </summary>
/// <param name="home">The folder of the workspace.</param>
/// <param name="time">The clock.</param>
internal sealed class SlurmLauncher(string home, TimeProvider time) : IJobLauncher
{
    // By default, the maximum index of a Slurm job array is 1,000.
    private const int MaxArrayLength = 1000;

    // The time that the supervising process needs to end a job that has reached its time limit.
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromMinutes(2);

    // The maximum time between the submission and the recording of the job's ID.
    private static readonly TimeSpan TimeToNote = TimeSpan.FromMinutes(1);

    private static readonly string[] LivingStates =
        ["CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING"];

    private static readonly string[] QueuedStates =
        ["PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD"];

    private readonly SlurmQueue _queue = new(time);

    /// <inheritdoc/>
    public bool HasQueue => true;

    /// <inheritdoc/>
    public void Validate(TrainingJobSpec spec)
    {
        if (spec.HostFile is not null)
        {
            throw TrainingJobException.OfField(
                "host_file",
                $"{spec.HostFile} is not usable with the target Slurm, which chooses the machines itself. "
                + "Leave it empty, or choose the target Local.");
        }

        if (spec.WorkerCount > 1) _ = MpiexecProgram.Find(Environment.GetEnvironmentVariable("PATH"));
        _ = SlurmCommand.Run("sinfo", ["--noheader", "--format=%T"]);
    }

    /// <inheritdoc/>
    public async Task StartAsync(IReadOnlyList<JobFolder> jobs, CancellationToken cancellationToken)
    {
        foreach (var part in jobs.Chunk(MaxArrayLength)) await Task.Run(() => Submit(part), cancellationToken);
    }

    /// <inheritdoc/>
    public LaunchState Inspect(JobFolder job, JobRecord record)
    {
        if (job.ReadClusterJob() is not { } id)
        {
            return time.GetUtcNow() - record.Created < TimeToNote || job.IsLocked
                ? LaunchState.Alive
                : LaunchState.Gone("its submission to Slurm was interrupted. Retry the job");
        }

        return _queue.StateOf(id) switch
        {
            null => LaunchState.Alive,
            var state when QueuedStates.Contains(state) => LaunchState.Queued,
            var state when LivingStates.Contains(state) => LaunchState.Alive,
            var state => LaunchState.Gone(
                $"Slurm job {id} has ended{(state.Length == 0 ? "" : $" ({state})")} without a result. "
                + $"Its output is in {job.LauncherLog}. Resume the job from its newest checkpoint, or retry it"),
        };
    }

    /// <inheritdoc/>
    public bool TryRemoveFromQueue(JobFolder job)
    {
        if (job.ReadClusterJob() is not { } id) return false;
        // A job that has started in the meantime receives SIGTERM and ends as if it had been asked to stop. Not
        // restricted to pending jobs with --state, which would treat all pending tasks of an array as one.
        Cancel(id);
        // A canceled array task that was never started is no longer listed.
        return _queue.StateOf(id, now: true) is "" or "CANCELLED";
    }

    /// <inheritdoc/>
    public void Kill(JobFolder job, JobRecord record)
    {
        // Slurm first sends SIGTERM, and then kills the processes that remain.
        if (job.ReadClusterJob() is { } id) Cancel(id);
    }

    /// <inheritdoc/>
    public ProcessStartInfo CreateBootCommand(JobFolder job, JobRecord record) => record.WorkerCount > 1
        // mpiexec detects Slurm and starts its processes on the nodes of the job.
        ? MpiLauncher.CreateCommand(job, record)
        : LocalLauncher.Redirected(job, DotnetHost.Path, LocalLauncher.BootArguments(job));

    private static void Cancel(string id)
    {
        try
        {
            SlurmCommand.Run("scancel", [id]);
        }
        catch (TrainingJobException)
        {
            // The job has just ended, or the controller does not respond; the next state query shows which.
        }
    }

    private void Submit(IReadOnlyList<JobFolder> jobs)
    {
        var record = jobs[0].Read();
        var (name, workers) = (record.JobName, record.WorkerCount.ToString(CultureInfo.InvariantCulture));
        List<string> arguments =
        [
            "--parsable", $"--job-name={name}", $"--ntasks={workers}", "--no-requeue", "--input=/dev/null",
            "--output=/dev/null", $"--chdir={jobs[0].Path}",
        ];
        if (jobs.Count > 1)
        {
            var (last, most) = (jobs.Count - 1, record.SimultaneousJobs);
            arguments.Add(string.Create(
                CultureInfo.InvariantCulture, $"--array=0-{last}{(most is > 0 && most < jobs.Count ? $"%{most}" : "")}"));
        }

        if (record.MaxDuration is { } duration)
        {
            var minutes = Math.Ceiling((duration + TimeToEnd).TotalMinutes);
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--time={minutes:F0}"));
        }

        var variables = new Dictionary<string, string> { [Workspace.HomeVariable] = home };
        // If there are several clusters, sbatch prints the cluster's name after the job ID.
        var id = SlurmCommand.Run("sbatch", arguments, Script(jobs), variables).Trim().Split(';')[0];
        for (var i = 0; i < jobs.Count; i++)
            jobs[i].WriteClusterJob(jobs.Count == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}_{i}"));
    }

    /// <summary>Returns the script of a batch job, or of each task of an array.</summary>
    private static string Script(IReadOnlyList<JobFolder> jobs)
    {
        var script = new StringBuilder("#!/bin/sh\n");
        if (jobs.Count == 1)
        {
            script.Append(CultureInfo.InvariantCulture, $"folder={Quote(jobs[0].Path)}\n");
        }
        else
        {
            script.Append("case \"$SLURM_ARRAY_TASK_ID\" in\n");
            for (var i = 0; i < jobs.Count; i++)
                script.Append(CultureInfo.InvariantCulture, $"{i}) folder={Quote(jobs[i].Path)} ;;\n");
            script.Append("esac\n");
        }

        var log = $"\"$folder/{JobFolder.LauncherLogName}\"";
        var program = $"{Quote(DotnetHost.Path)} {Quote(typeof(Worker).Assembly.Location)} {Worker.Command}";
        return script.Append(CultureInfo.InvariantCulture, $"exec {program} \"$folder\" > {log} 2>&1\n").ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
