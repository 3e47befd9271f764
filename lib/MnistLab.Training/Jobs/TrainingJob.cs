using MnistLab.Data.Workspaces;
using MnistLab.Hosting;
using MnistLab.Storage;
using MnistLab.Training.Checkpoints;
using MnistLab.Training.Metrics;

namespace MnistLab.Training.Jobs;

/// <summary>
/// A training job that was submitted, as its folder on this machine tells it. The job is a process of its own: it goes
/// on when this object,
/// or the program that submitted it, is gone, and can be found again by <see cref="TrainingJobs.Find"/>.
/// </summary>
public sealed class TrainingJob
{
    private const int LinesOfAnError = 12;

    // The worker ends a program that does not stop by itself; after this time the worker is ended.
    private static readonly TimeSpan TimeToStop = BootProcess.Grace + TimeSpan.FromSeconds(15);

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

    /// <summary>The job's form.</summary>
    public TrainingJobSpec Spec { get; }

    /// <summary>The version of this run: V0001, V0002, …</summary>
    public string Version { get; }

    /// <summary>
    /// Where this run writes: the log, the events, <c>job.json</c>, <c>run/</c> with checkpoints and the event log,
    /// and what the boot file saves, such as <c>model/</c>.
    /// </summary>
    public ObjectUrl OutputUrl { get; }

    /// <summary>Gets when the job was submitted.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>
    /// The log of the worker on this machine; a copy is in <see cref="OutputUrl"/>, a few seconds behind while the job
    /// runs. Of a job with several workers, that of the first; <see cref="LogFileOf"/> has those of the others.
    /// </summary>
    public string LogFile => _folder.Log;

    /// <summary>The run's folder on this machine: its checkpoints and its event log for TensorBoard.</summary>
    public string LogDir => _folder.Run;

    /// <summary>Gets how far the job is. A job whose worker is gone is <see cref="JobStatus.Abnormal"/>.</summary>
    /// <exception cref="TrainingJobException">Its record is missing or damaged.</exception>
    public JobStatus Status
    {
        get
        {
            var record = Current();
            return !record.Status.IsFinal() && _folder.StopIsRequested ? JobStatus.Terminating : record.Status;
        }
    }

    /// <summary>
    /// Gets why the job failed, was stopped, or ended abnormally; null if it has not ended or is completed.
    /// </summary>
    /// <exception cref="TrainingJobException">Its record is missing or damaged.</exception>
    public string? Reason => Current().Reason;

    /// <summary>
    /// Gets the exit code of the boot file: on Unix, 128 plus the number of the signal that ended it. Null if the job
    /// has not ended, or nobody could record it.
    /// </summary>
    /// <exception cref="TrainingJobException">Its record is missing or damaged.</exception>
    public int? ExitCode => Current().ExitCode;

    /// <summary>
    /// Gets how long the job has taken, from its submission to its end, or to now; if its worker is gone, to the last
    /// time that it wrote something.
    /// </summary>
    /// <exception cref="TrainingJobException">Its record is missing or damaged.</exception>
    public TimeSpan Duration => Current() is var record && record.Ended is { } ended ? ended - record.Created : _time.GetUtcNow() - record.Created;

    /// <summary>Gets what has happened to the job.</summary>
    /// <exception cref="TrainingJobException">Its record is missing or damaged.</exception>
    public IReadOnlyList<JobEvent> Events
    {
        get
        {
            var record = Current();
            var events = _folder.ReadEvents();
            // The worker did not live to write this one.
            return record is { Status: JobStatus.Abnormal, Ended: { } ended }
                ? [.. events, new JobEvent(ended, $"abnormal: {record.Reason}")]
                : events;
        }
    }

    /// <summary>Gets the metrics that the run has reported so far, in full precision; of a resumed job, also those before it resumed.</summary>
    /// <exception cref="InvalidDataException">The metrics log is damaged.</exception>
    public IReadOnlyList<StepReport> Reports => MetricsLog.Read(LogDir).Reports;

    /// <summary>
    /// Gets the validation metrics of the weights that the run ended with; of a boot file that does not say which those are, the last ones.
    /// Null if there are none.
    /// </summary>
    /// <exception cref="InvalidDataException">The metrics log is damaged.</exception>
    public StepReport? Validation => MetricsLog.Read(LogDir) is var metrics && metrics.Final is { } final
        ? final
        : metrics.Reports.LastOrDefault(report => report.IsValidation);

    internal JobFolder Folder => _folder;

    /// <summary>The hash of the code and the data that it was submitted with.</summary>
    internal string? Sources { get; }

    internal bool HasCheckpoint => new CheckpointFolder(Path.Combine(LogDir, Mox.CheckpointsName)).Newest is not null;

    /// <summary>Returns the path of the log of a worker of a job with several; see <see cref="LogFile"/>.</summary>
    /// <param name="worker">The index of the worker, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The job has no such worker.</exception>
    public string LogFileOf(int worker)
    {
        NumberRange.Require(
            worker >= 0 && worker < Spec.WorkerCount,
            worker,
            FormattableString.Invariant($"a number from 0 to {Spec.WorkerCount - 1}"));
        return _folder.LogOf(worker);
    }

    /// <summary>The end of a worker's log.</summary>
    /// <param name="lines">How many lines at most.</param>
    /// <param name="worker">The index of the worker, from 0.</param>
    public IReadOnlyList<LogLine> TailLog(int lines = 20, int worker = 0)
    {
        NumberRange.RequireAtLeast(lines, 0);
        return [.. NumberedLog(worker).TakeLast(lines)];
    }

    /// <summary>The lines of a worker's log that hold a text, whatever their case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="worker">The index of the worker, from 0.</param>
    public IReadOnlyList<LogLine> SearchLog(string text, int worker = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return [.. NumberedLog(worker).Where(line => line.Text.Contains(text, StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>
    /// Follows the job to its end. Cancelling ends the following; the job goes on, and <see cref="StopAsync"/> stops
    /// it.
    /// </summary>
    /// <param name="log">Where the log goes as it is written, from its beginning; nowhere if null.</param>
    /// <param name="progress">Told each report as it is read.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <exception cref="TrainingJobException">The job failed, was stopped, or its process is gone; the message quotes
    /// the end of its log.</exception>
    /// <exception cref="OperationCanceledException">The following was ended.</exception>
    /// <exception cref="InvalidDataException">The metrics log is damaged.</exception>
    public async Task WaitAsync(TextWriter? log = null, IProgress<StepReport>? progress = null, CancellationToken cancellationToken = default)
    {
        var metrics = new MetricsReader(LogDir);
        bool HasEnded()
        {
            // Asked before reading: what is written until the end is read.
            var isFinal = Status.IsFinal();
            if (progress is null) return isFinal;
            foreach (var report in metrics.ReadReports()) progress.Report(report);
            return isFinal;
        }

        await foreach (var line in _folder.FollowLogAsync(HasEnded, _time, cancellationToken)) log?.WriteLine(line);

        if (Status != JobStatus.Completed) throw new TrainingJobException(Explain());
    }

    /// <summary>
    /// Stops the job: its program gets the time to save a checkpoint. Returns when it has ended; one that has ended
    /// already stays as it is.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting; the job stops nevertheless.</param>
    /// <exception cref="TrainingJobException">The worker does not stop, and its process cannot be identified, so that
    /// it is not killed.</exception>
    /// <exception cref="ObjectStoreException">
    /// The job was removed from a queue, and the store refused or failed to record its end.
    /// </exception>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Status.IsFinal()) return;
        _folder.RequestStop();
        var since = _time.GetTimestamp();
        while (!Status.IsFinal())
        {
            var elapsed = _time.GetElapsedTime(since);
            if (await TryRemoveFromQueueAsync(cancellationToken)) return;
            if (elapsed > TimeToStop) _launcher.Kill(_folder, _folder.Read());
            if (elapsed > 2 * TimeToStop)
            {
                throw new TrainingJobException(
                    $"{this} does not stop: a process holds the lock of its worker in {_folder.Path}, "
                    + "but is not the one in its record. Find and end it.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellationToken);
        }
    }

    /// <summary>
    /// Removes the job, which must have ended, with its log, its events, and its checkpoints on this machine. Its
    /// output in the store is kept.
    /// </summary>
    /// <exception cref="TrainingJobException">The job still runs.</exception>
    /// <exception cref="IOException">Its folder cannot be removed. The job is not listed any more.</exception>
    public void Delete()
    {
        if (!Status.IsFinal()) throw new TrainingJobException($"{this} has not ended, and cannot be deleted. Stop it first.");
        _folder.Delete();
    }

    /// <summary>The job's name, version and status.</summary>
    public override string ToString() => $"{Spec.JobName} {Version}: {Status}";

    private IEnumerable<LogLine> NumberedLog(int worker) =>
        _folder.ReadLog(worker).Select((line, index) => new LogLine(index + 1, line));

    /// <summary>Ends a job that still waits in a queue: nobody else would record its end.</summary>
    private async Task<bool> TryRemoveFromQueueAsync(CancellationToken cancellationToken)
    {
        var record = _folder.Read();
        if (record.Status.IsFinal() || _launcher.Inspect(_folder, record).Phase != LaunchPhase.Queued) return false;
        if (!_launcher.TryRemoveFromQueue(_folder)) return false;
        record = _folder.Read();
        if (record.Status != JobStatus.Creating) return false;
        record = record with
        {
            Status = JobStatus.Terminated,
            Ended = _time.GetUtcNow(),
            ExitCode = 1,
            Reason = "on request",
        };
        _folder.AddEvent(_time, "removed from the queue, on request");
        _folder.AddEvent(_time, "terminated");
        _folder.Write(record);
        var copy = record.OutputUrl / JobRecord.FileName;
        await _workspace.OpenStore().PutTextAsync(copy, record.ToJson(), cancellationToken);
        return true;
    }

    /// <summary>The record as it is now; that of a job whose worker is gone tells so.</summary>
    private JobRecord Current()
    {
        var record = _folder.Read();
        if (record.Status.IsFinal()) return record;
        var launch = _launcher.Inspect(_folder, record);
        if (launch.Phase == LaunchPhase.Alive) return record;
        if (launch.Phase == LaunchPhase.Queued) return record with { Status = JobStatus.Pending };
        // Read again: the worker may just have recorded its end.
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
