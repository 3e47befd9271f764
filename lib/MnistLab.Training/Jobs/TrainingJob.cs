using System.Diagnostics;
using MnistLab.Data;

namespace MnistLab.Training;

/// <summary>
/// A training job that was submitted, as its folder on this machine tells it. The job is a process of its own: it goes on when this object,
/// or the program that submitted it, is gone, and can be found again by <see cref="TrainingJobs.Find"/>.
/// </summary>
public sealed class TrainingJob
{
    private const int LinesOfAnError = 12;

    // A worker that was just started has not taken its lock yet.
    private static readonly TimeSpan TimeToStart = TimeSpan.FromMinutes(1);

    // The worker ends a program that does not stop by itself; after this time the worker is ended.
    private static readonly TimeSpan TimeToStop = Worker.Grace + TimeSpan.FromSeconds(15);

    private readonly JobFolder _folder;
    private readonly TimeProvider _time;

    // Known to the one who submitted the job only.
    private readonly Process? _worker;

    internal TrainingJob(JobFolder folder, TimeProvider time, Process? worker = null)
    {
        (_folder, _time, _worker) = (folder, time, worker);
        var record = folder.Read();
        (Spec, Version, OutputUrl, Sources) = (record.ToSpec(), record.Version, record.OutputUrl, record.Sources);
    }

    /// <summary>The job's form.</summary>
    public TrainingJobSpec Spec { get; }

    /// <summary>The version of this run: V0001, V0002, …</summary>
    public string Version { get; }

    /// <summary>Where this run writes: the log, the events, <c>job.json</c>, <c>run/</c> with checkpoints and the event log, and what the boot file saves, such as <c>model/</c>.</summary>
    public ObjectUrl OutputUrl { get; }

    /// <summary>The log of the worker on this machine; a copy is in <see cref="OutputUrl"/>, a few seconds behind while the job runs.</summary>
    public string LogFile => _folder.Log;

    /// <summary>The run's folder on this machine: its checkpoints and its event log for TensorBoard.</summary>
    public string LogDir => _folder.Run;

    /// <summary>How far the job is. A job whose process is gone is <see cref="JobPhase.Abnormal"/>.</summary>
    /// <exception cref="TrainingJobException">Its record is missing or damaged.</exception>
    public JobPhase Phase
    {
        get
        {
            var record = Current();
            return !record.Phase.IsFinal() && _folder.StopIsRequested ? JobPhase.Terminating : record.Phase;
        }
    }

    /// <summary>How long the job has taken, from its submission to its end, or to now.</summary>
    public TimeSpan Duration => Current() is var record && record.Ended is { } ended ? ended - record.Created : _time.GetUtcNow() - record.Created;

    /// <summary>What happened to the job so far.</summary>
    public IReadOnlyList<JobEvent> Events => _folder.ReadEvents();

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

    /// <summary>The end of the worker's log.</summary>
    /// <param name="lines">How many lines at most.</param>
    public IReadOnlyList<LogLine> TailLog(int lines = 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lines);
        return [.. NumberedLog().TakeLast(lines)];
    }

    /// <summary>The lines of the worker's log that hold a text, whatever their case.</summary>
    public IReadOnlyList<LogLine> SearchLog(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return [.. NumberedLog().Where(line => line.Text.Contains(text, StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>Follows the job to its end. Cancelling ends the following; the job goes on, and <see cref="StopAsync"/> stops it.</summary>
    /// <param name="log">Where the log goes as it is written, from its beginning; nowhere if null.</param>
    /// <param name="progress">Told each report as it is read.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <exception cref="TrainingJobException">The job failed, was stopped, or its process is gone; the message quotes the end of its log.</exception>
    /// <exception cref="OperationCanceledException">The following was ended.</exception>
    /// <exception cref="InvalidDataException">The metrics log is damaged.</exception>
    public async Task WaitAsync(TextWriter? log = null, IProgress<StepReport>? progress = null, CancellationToken cancellationToken = default)
    {
        var metrics = new MetricsReader(LogDir);
        bool HasEnded()
        {
            // Asked before reading: what is written until the end is read.
            var isFinal = Phase.IsFinal();
            if (progress is null) return isFinal;
            foreach (var report in metrics.ReadReports()) progress.Report(report);
            return isFinal;
        }

        await foreach (var line in _folder.FollowLogAsync(HasEnded, _time, cancellationToken)) log?.WriteLine(line);

        if (Phase is var phase && phase != JobPhase.Completed) throw new TrainingJobException(Explain(phase));
    }

    /// <summary>Stops the job: its program gets the time to save a checkpoint. Returns when it has ended; one that has ended already stays as it is.</summary>
    /// <param name="cancellationToken">Ends the waiting; the job stops nevertheless.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Phase.IsFinal()) return;
        _folder.RequestStop();
        var since = _time.GetTimestamp();
        while (!Phase.IsFinal())
        {
            if (_time.GetElapsedTime(since) > TimeToStop) EndProcess();
            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellationToken);
        }
    }

    /// <summary>The job's name, version and phase.</summary>
    public override string ToString() => $"{Spec.JobName} {Version}: {Phase}";

    private IEnumerable<LogLine> NumberedLog() => _folder.ReadLog().Select((line, index) => new LogLine(index + 1, line));

    /// <summary>The record as it is now; one whose worker is gone is closed.</summary>
    private JobRecord Current()
    {
        var record = _folder.Read();
        if (record.Phase.IsFinal()) return record;
        if (record.Phase == JobPhase.Creating && _worker is not { HasExited: true } && _time.GetUtcNow() - record.Created < TimeToStart) return record;
        using var nobodyElse = _folder.TryLock();
        if (nobodyElse is null) return record;
        // Read again: the worker may just have written its last word.
        record = _folder.Read();
        if (record.Phase.IsFinal()) return record;
        record = record with { Phase = JobPhase.Abnormal, Ended = _time.GetUtcNow() };
        _folder.Write(record);
        _folder.AddEvent(_time, "abnormal: the process of worker-0 is gone. Resume the job from its newest checkpoint, or retry it");
        return record;
    }

    private void EndProcess()
    {
        if (_folder.Read().ProcessId is not { } id) return;
        try
        {
            using var process = Process.GetProcessById(id);
            // While the lock is held, the number is the worker's.
            if (_folder.TryLock() is { } free) free.Dispose();
            else process.Kill(entireProcessTree: true);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }

    private string Explain(JobPhase phase)
    {
        var what = phase switch
        {
            JobPhase.Terminated => "was stopped",
            JobPhase.Abnormal => "ended abnormally: its process is gone",
            _ => $"failed (exit code {_folder.Read().ExitCode})",
        };
        var end = TailLog(LinesOfAnError).Select(line => line.Text);
        return $"The job {Spec.JobName} {Version} {what}. The end of its log, {LogFile}:{Environment.NewLine}{string.Join(Environment.NewLine, end)}";
    }
}
