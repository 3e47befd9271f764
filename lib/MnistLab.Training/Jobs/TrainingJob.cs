using System.Diagnostics;
using System.Threading.Channels;
using MnistLab.Data;

namespace MnistLab.Training;

/// <summary>A training job that was submitted, and the process that works on it.</summary>
public sealed class TrainingJob : IDisposable
{
    private const int LinesOfAnError = 12;
    private readonly Process _worker;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<StepReport> _reports = [];
    private readonly Queue<string> _lastLines = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private TrainingJob(TrainingJobSpec spec, JobRecord record, string folder, Process worker)
    {
        Spec = spec;
        Version = record.Version;
        OutputUrl = record.OutputUrl;
        LogFile = Path.Combine(folder, Worker.LogName);
        _worker = worker;
        var open = 2;
        void Receive(string? line)
        {
            if (line is not null) _lines.Writer.TryWrite(line);
            else if (Interlocked.Decrement(ref open) == 0) _lines.Writer.Complete();
        }

        _worker.OutputDataReceived += (_, e) => Receive(e.Data);
        _worker.ErrorDataReceived += (_, e) => Receive(e.Data);
        _worker.BeginOutputReadLine();
        _worker.BeginErrorReadLine();
    }

    /// <summary>The job's form.</summary>
    public TrainingJobSpec Spec { get; }

    /// <summary>The version of this run: V0001, V0002, …</summary>
    public string Version { get; }

    /// <summary>Where this run writes: the log, <c>job.json</c>, and what the boot file saves, such as <c>model/</c>.</summary>
    public ObjectUrl OutputUrl { get; }

    /// <summary>The log of the worker on this machine; a copy is in <see cref="OutputUrl"/> when the job has ended.</summary>
    public string LogFile { get; }

    /// <summary>How far the job is.</summary>
    public JobPhase Phase { get; private set; } = JobPhase.Running;

    /// <summary>The reports read from the log so far.</summary>
    public IReadOnlyList<StepReport> Reports => _reports;

    /// <summary>How long the job has taken, start of the worker included.</summary>
    public TimeSpan Duration => _watch.Elapsed;

    /// <summary>Follows the job to its end. Cancelling stops the job.</summary>
    /// <param name="log">Where the log goes as it is written; nowhere if null.</param>
    /// <param name="progress">Told each report as it is read.</param>
    /// <param name="cancellationToken">Stops the job: its process is ended.</param>
    /// <exception cref="TrainingJobException">The job failed; the message quotes the end of its log.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public async Task WaitAsync(TextWriter? log = null, IProgress<StepReport>? progress = null, CancellationToken cancellationToken = default)
    {
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken)) Follow(line, log, progress);
            await _worker.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _worker.Kill(entireProcessTree: true);
            await _worker.WaitForExitAsync(CancellationToken.None);
            _watch.Stop();
            Phase = JobPhase.Terminated;
            throw;
        }

        _watch.Stop();
        Phase = _worker.ExitCode == 0 ? JobPhase.Completed : JobPhase.Failed;
        if (Phase == JobPhase.Failed)
        {
            throw new TrainingJobException(
                $"The job {Spec.JobName} {Version} failed (exit code {_worker.ExitCode}). The end of its log, {LogFile}:{Environment.NewLine}{string.Join(Environment.NewLine, _lastLines)}");
        }
    }

    /// <summary>Lets go of the process, which goes on if it still runs.</summary>
    public void Dispose() => _worker.Dispose();

    internal static TrainingJob Start(TrainingJobSpec spec, JobRecord record, string folder, string workspaceRoot)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, [typeof(TrainingJob).Assembly.Location, Worker.Command, folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment[Workspace.HomeVariable] = workspaceRoot;
        var process = Process.Start(start) ?? throw new TrainingJobException($"The worker of {spec.JobName} could not be started with {DotnetHost.Path}.");
        return new TrainingJob(spec, record, folder, process);
    }

    private void Follow(string line, TextWriter? log, IProgress<StepReport>? progress)
    {
        log?.WriteLine(line);
        _lastLines.Enqueue(line);
        if (_lastLines.Count > LinesOfAnError) _lastLines.Dequeue();
        if (!StepReport.TryParse(line, out var report)) return;
        _reports.Add(report!);
        progress?.Report(report!);
    }
}
