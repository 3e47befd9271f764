using MnistLab.Data.Workspaces;
using MnistLab.Storage;

namespace MnistLab.Training.Jobs;

/// <summary>Stops a training job: first by a request, and by force if that is ignored.</summary>
internal sealed class JobStop(JobFolder folder, IJobLauncher launcher, Workspace workspace, TimeProvider time)
{
    // The supervising process kills a program that does not stop in time; after this time, the supervising process
    // itself is killed.
    private static readonly TimeSpan TimeToStop = BootProcess.Grace + TimeSpan.FromSeconds(15);

    /// <summary>Stops the job and waits until it ends. Does nothing if it has already ended.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">A token to stop waiting; the job stops nevertheless.</param>
    /// <exception cref="TrainingJobException">
    /// The job does not stop, and its supervising process cannot be identified, so it is not killed.
    /// </exception>
    public async Task RunAsync(TrainingJob job, CancellationToken cancellationToken)
    {
        if (job.Status.IsFinal()) return;
        folder.RequestStop();
        var since = time.GetTimestamp();
        while (!job.Status.IsFinal())
        {
            var elapsed = time.GetElapsedTime(since);
            if (await TryRemoveFromQueueAsync(cancellationToken)) return;
            if (elapsed > TimeToStop) launcher.Kill(folder, folder.Read());
            if (elapsed > 2 * TimeToStop)
            {
                throw new TrainingJobException(
                    $"{job} does not stop: the lock of its worker in {folder.Path} is held by a process "
                    + "other than the one in its record. Find and end that process.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    /// <summary>
    /// Ends a job that is still queued, and records its end, because no supervising process exists to do so.
    /// </summary>
    private async Task<bool> TryRemoveFromQueueAsync(CancellationToken cancellationToken)
    {
        var record = folder.Read();
        if (record.Status.IsFinal() || launcher.Inspect(folder, record).Phase != LaunchPhase.Queued) return false;
        if (!launcher.TryRemoveFromQueue(folder)) return false;
        record = folder.Read();
        if (record.Status != JobStatus.Creating) return false;
        record = record with
        {
            Status = JobStatus.Terminated,
            Ended = time.GetUtcNow(),
            ExitCode = 1,
            Reason = "on request",
        };
        folder.AddEvent(time, "removed from the queue on request");
        folder.AddEvent(time, "terminated");
        folder.Write(record);
        var copy = record.OutputUrl / JobRecord.FileName;
        await workspace.OpenStore().PutTextAsync(copy, record.ToJson(), cancellationToken);
        return true;
    }
}
