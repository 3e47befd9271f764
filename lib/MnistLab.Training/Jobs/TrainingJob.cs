using MnistLab.Data.Workspaces;
using MnistLab.Hosting;
using MnistLab.Storage;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.Metrics;

namespace MnistLab.Training.Jobs;

/// <summary>
/// Represents a submitted training job, as recorded in its local folder. The job runs in its own process, which keeps
/// running after the program that submitted it ends. <see cref="TrainingJobs.Find"/> finds the job again.
/// </summary>
public sealed class TrainingJob
{
    private const int LinesOfAnError = 12;

    private readonly JobFolder _folder;
    private readonly TimeProvider _time;
    private readonly IJobLauncher _launcher;
    private readonly Workspace _workspace;

    internal TrainingJob(JobFolder folder, Workspace workspace, JobLaunchers launchers, TimeProvider time)
    {
        (_folder, _workspace, _time) = (folder, workspace, time);
        var record = folder.Read();
        _launcher = launchers.Choose(record.Target, record.WorkerCount);
        (Spec, Version, OutputUrl) = (record.ToSpec(), record.Version, record.OutputUrl);
        (Created, Sources) = (record.Created, record.Sources);
    }

    /// <summary>Gets the job's specification.</summary>
    public TrainingJobSpec Spec { get; }

    /// <summary>Gets the version of this run: V0001, V0002, …</summary>
    public string Version { get; }

    /// <summary>
    /// Gets the output location of this run: it holds the log, the events, <c>job.json</c>, <c>run/</c> with the
    /// checkpoints and the event log, and the files that the boot file saves, such as <c>model/</c>.
    /// </summary>
    public ObjectUrl OutputUrl { get; }

    /// <summary>Gets the time at which the job was submitted.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>
    /// Gets the path of the local log file of the first worker; <see cref="LogFileOf"/> returns those of the others. A
    /// copy is in <see cref="OutputUrl"/>, which lags a few seconds behind while the job runs.
    /// </summary>
    public string LogFile => _folder.Log;

    /// <summary>Gets the local folder of the run, with its checkpoints and its event log for TensorBoard.</summary>
    public string LogDir => _folder.Run;

    /// <summary>
    /// Gets the status of the job. The status of a job whose supervising process is gone is
    /// <see cref="JobStatus.Abnormal"/>.
    /// </summary>
    /// <exception cref="TrainingJobException">The record of the job is missing or damaged.</exception>
    public JobStatus Status
    {
        get
        {
            var record = Current();
            return !record.Status.IsFinal() && _folder.StopIsRequested ? JobStatus.Terminating : record.Status;
        }
    }

    /// <summary>
    /// Gets the reason why the job failed, was stopped, or ended abnormally; null if it has not ended or is completed.
    /// </summary>
    /// <exception cref="TrainingJobException">The record of the job is missing or damaged.</exception>
    public string? Reason => Current().Reason;

    /// <summary>
    /// Gets the exit code of the boot file: on Unix, 128 plus the number of the signal that ended it. Null if the job
    /// has not ended or its exit code could not be recorded.
    /// </summary>
    /// <exception cref="TrainingJobException">The record of the job is missing or damaged.</exception>
    public int? ExitCode => Current().ExitCode;

    /// <summary>
    /// Gets the duration of the job, from its submission until its end, or until now if it has not ended. If its
    /// supervising process is gone, the duration ends with the last write of that process.
    /// </summary>
    /// <exception cref="TrainingJobException">The record of the job is missing or damaged.</exception>
    public TimeSpan Duration => Current() is var record && record.Ended is { } ended
        ? ended - record.Created
        : _time.GetUtcNow() - record.Created;

    /// <summary>Gets the events of the job.</summary>
    /// <exception cref="TrainingJobException">The record of the job is missing or damaged.</exception>
    public IReadOnlyList<JobEvent> Events
    {
        get
        {
            var record = Current();
            var events = _folder.ReadEvents();
            // The supervising process ended before it could write this event.
            return record is { Status: JobStatus.Abnormal, Ended: { } ended }
                ? [.. events, new JobEvent(ended, $"abnormal: {record.Reason}")]
                : events;
        }
    }

    /// <summary>
    /// Gets the metrics that the run has reported so far, in full precision; for a resumed job, including those from
    /// before it was resumed.
    /// </summary>
    /// <exception cref="InvalidDataException">The metrics log is damaged.</exception>
    public IReadOnlyList<StepReport> Reports => MetricsLog.Read(LogDir).Reports;

    /// <summary>
    /// Gets the validation metrics of the final weights; if the boot file does not record which weights are final, the
    /// last validation metrics. Null if there are none.
    /// </summary>
    /// <exception cref="InvalidDataException">The metrics log is damaged.</exception>
    public StepReport? Validation => MetricsLog.Read(LogDir) is var metrics && metrics.Final is { } final
        ? final
        : metrics.Reports.LastOrDefault(report => report.IsValidation);

    internal JobFolder Folder => _folder;

    /// <summary>Gets the hash of the code and data that the job was submitted with.</summary>
    internal string? Sources { get; }

    internal bool HasCheckpoint => new CheckpointFolder(Path.Combine(LogDir, Mox.CheckpointsName)).Newest is not null;

    /// <summary>Returns the path of the log file of a worker; see <see cref="LogFile"/>.</summary>
    /// <param name="worker">The index of the worker, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The job has no such worker.</exception>
    public string LogFileOf(int worker)
    {
        NumberRange.Validate(
            worker >= 0 && worker < Spec.WorkerCount,
            worker,
            FormattableString.Invariant($"a number from 0 to {Spec.WorkerCount - 1}"));
        return _folder.LogOf(worker);
    }

    /// <summary>Returns the last lines of a worker's log.</summary>
    /// <param name="lines">The maximum number of lines, at least 0.</param>
    /// <param name="worker">The index of the worker, from 0.</param>
    public IReadOnlyList<LogLine> TailLog(int lines = 20, int worker = 0)
    {
        NumberRange.RequireAtLeast(lines, 0);
        return [.. NumberedLog(worker).TakeLast(lines)];
    }

    /// <summary>Returns the lines of a worker's log that contain a text, ignoring case.</summary>
    /// <param name="text">The text to search for.</param>
    /// <param name="worker">The index of the worker, from 0.</param>
    public IReadOnlyList<LogLine> SearchLog(string text, int worker = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return [.. NumberedLog(worker).Where(line => line.Text.Contains(text, StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>
    /// Waits until the job ends. Cancellation ends the wait, not the job; use <see cref="StopAsync"/> to stop it.
    /// </summary>
    /// <param name="log">Receives the lines of the log, from the beginning, as they are written; null for none.</param>
    /// <param name="progress">Receives each report as it is read; null for none.</param>
    /// <param name="cancellationToken">A token to stop waiting.</param>
    /// <exception cref="TrainingJobException">
    /// The job failed or was stopped, or its supervising process is gone; the message quotes the end of its log.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    /// <exception cref="InvalidDataException">The metrics log is damaged.</exception>
    public async Task WaitAsync(
        TextWriter? log = null, IProgress<StepReport>? progress = null, CancellationToken cancellationToken = default)
    {
        var metrics = new MetricsReader(LogDir);
        bool HasEnded()
        {
            // Checked before reading, so that the last reports are not missed.
            var isFinal = Status.IsFinal();
            if (progress is null) return isFinal;
            foreach (var report in metrics.ReadReports()) progress.Report(report);
            return isFinal;
        }

        await foreach (var line in _folder.FollowLogAsync(HasEnded, _time, cancellationToken)) log?.WriteLine(line);

        if (Status != JobStatus.Completed) throw new TrainingJobException(Explain());
    }

    /// <summary>
    /// Stops the job and waits until it ends. Its program is given time to save a checkpoint. Does nothing if the job
    /// has already ended.
    /// </summary>
    /// <param name="cancellationToken">A token to stop waiting; the job stops anyway.</param>
    /// <exception cref="TrainingJobException">
    /// The job does not stop, and its supervising process cannot be identified, so it is not killed.
    /// </exception>
    /// <exception cref="ObjectStoreException">
    /// The job was removed from a queue, but the store rejected or failed to record its end.
    /// </exception>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        new JobStop(_folder, _launcher, _workspace, _time).RunAsync(this, cancellationToken);

    /// <summary>
    /// Deletes the job, which must have ended, and its local log, events, and checkpoints. Its output in the store is
    /// kept.
    /// </summary>
    /// <exception cref="TrainingJobException">The job has not ended.</exception>
    /// <exception cref="IOException">
    /// The folder of the job cannot be deleted completely. If its record is already deleted, the job is no longer
    /// listed.
    /// </exception>
    public void Delete()
    {
        if (!Status.IsFinal())
            throw new TrainingJobException($"{this} has not ended, so it cannot be deleted. Stop it first.");
        _folder.Delete();
    }

    /// <summary>Returns the job's name, version, and status.</summary>
    public override string ToString() => $"{Spec.JobName} {Version}: {Status}";

    private IEnumerable<LogLine> NumberedLog(int worker) =>
        _folder.ReadLog(worker).Select((line, index) => new LogLine(index + 1, line));

    /// <summary>
    /// Returns the current record of the job. Its status is abnormal if the supervising process is gone, and pending if
    /// the job is queued.
    /// </summary>
    private JobRecord Current()
    {
        var record = _folder.Read();
        if (record.Status.IsFinal()) return record;
        var launch = _launcher.Inspect(_folder, record);
        if (launch.Phase == LaunchPhase.Alive) return record;
        if (launch.Phase == LaunchPhase.Queued) return record with { Status = JobStatus.Pending };
        // Read again, because the supervising process may just have recorded the end of the job.
        record = _folder.Read();
        return record.Status.IsFinal()
            ? record
            : record with { Status = JobStatus.Abnormal, Ended = _folder.LastWrite, Reason = launch.Reason };
    }

    private string Explain()
    {
        var record = Current();
        var what = record.Status switch
        {
            JobStatus.Terminated => $"was stopped ({record.Reason})",
            JobStatus.Abnormal => $"ended abnormally: {record.Reason}",
            _ => $"failed ({record.Reason})",
        };
        var end = TailLog(LinesOfAnError, record.FailedWorker).Select(line => line.Text);
        return $"The job {Spec.JobName} {Version} {what}. The end of its log, {_folder.LogOf(record.FailedWorker)}:"
            + $"{Environment.NewLine}{string.Join(Environment.NewLine, end)}";
    }
}
