using System.Diagnostics;
using System.Text;
using MnistLab.Hosting;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Running;

/// <summary>
/// Represents the process in which a notebook runs. The process initializes as soon as it is started, but runs the
/// first cell only after <see cref="RunAsync"/> is called. <see cref="Dispose"/> ends a process that is still running.
/// </summary>
internal sealed class NotebookProcess : IDisposable
{
    /// <summary>The time that an interrupted cell has to stop before its process is killed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private const int KeptLines = 60;
    private static readonly TimeSpan MaxStreamWait = TimeSpan.FromSeconds(1);

    private readonly NotebookRunOptions _options;
    private readonly TimeProvider _time;
    private readonly Process _process;
    private readonly ITimer _watch;
    // Kills the process if a cell is overdue, because the cell cannot be stopped otherwise.
    private readonly CancellationTokenSource _overdue = new();
    private readonly Queue<string> _lastLines = new();
    private readonly StringBuilder _lastLine = new();
    // Protects the numbers of cells that have begun and ended, as far as the two streams have been read.
    private readonly object _cells = new();
    private int _begun;
    private int _ended;
    private int _endedOnError;
    private readonly Task _errorRead;
    private RunEventReader? _events;
    private readonly TaskCompletionSource<int> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the last lines, up to 60, that the process wrote to standard error or outside a cell.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lastLines) return _lastLine.Length > 0 ? [.. _lastLines, _lastLine.ToString()] : [.. _lastLines];
        }
    }

    /// <summary>Starts the process.</summary>
    /// <param name="notebook">The file to run, which must exist when <see cref="RunAsync"/> is called.</param>
    /// <param name="folder">The folder that relative paths of the notebook start at.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="time">Measures the timeouts.</param>
    public NotebookProcess(string notebook, string folder, NotebookRunOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _watch = time.CreateTimer(_ => Cancel(_overdue), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _process = new Process { StartInfo = StartInfo(notebook, folder, options), EnableRaisingEvents = true };
        _process.Start();
        _errorRead = new FrameReader(ReceiveError, EndCellOnError).ReadAsync(_process.StandardError.BaseStream);
    }

    /// <summary>Runs the notebook and waits until the process has exited.</summary>
    /// <param name="sink">The sink that receives the outputs and the progress as they occur.</param>
    /// <param name="interruption">Interrupts the running cell and ends the run. The outputs so far are kept.</param>
    /// <param name="cancellationToken">A token that kills the process and its process group.</param>
    /// <returns>The end of the process.</returns>
    /// <exception cref="OperationCanceledException">The process was killed on request.</exception>
    public async Task<NotebookProcessEnd> RunAsync(IRunSink sink, CancellationToken interruption, CancellationToken cancellationToken)
    {
        var events = _events = new RunEventReader(sink);
        var reader = new FrameReader(text => ReceiveOutput(text, events), record => Receive(record, events));
        var outputRead = Task.Run(() => reader.ReadAsync(_process.StandardOutput.BaseStream), CancellationToken.None);
        Tell();
        using var interrupted = interruption.UnsafeRegister(_ => Interrupt(), null);
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(_overdue.Token, cancellationToken);
        try
        {
            await ExitOf(_process, kill.Token);
        }
        catch (OperationCanceledException)
        {
            NotebookProcessGroup.Kill(_process);
            await ExitOf(_process, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
        }

        // Waits up to two seconds for the remaining output. The streams may never end, because a service that a cell
        // deployed keeps them open as long as it runs.
        await Task.WhenAny(
            _finished.Task,
            Task.WhenAll(outputRead, _errorRead),
            Task.Delay(TimeSpan.FromSeconds(2), _time, cancellationToken));
        return new(_process.ExitCode, _finished.Task.IsCompleted ? _finished.Task.Result : null, _overdue.IsCancellationRequested);
    }

    /// <summary>Kills the process if it is still running.</summary>
    public void Dispose()
    {
        if (!_process.HasExited) NotebookProcessGroup.Kill(_process);
        _process.Dispose();
        _watch.Dispose();
        _overdue.Dispose();
    }

    private static ProcessStartInfo StartInfo(string notebook, string folder, NotebookRunOptions options)
    {
        var kernel = Path.Combine(AppContext.BaseDirectory, "MnistLab.Kernel.dll");
        if (!File.Exists(kernel)) kernel = typeof(NotebookProcess).Assembly.Location;
        return new(DotnetHost.Path, ["exec", kernel, .. ExecuteArguments.ForEvents(notebook, folder, options)])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The process has ended meanwhile.
        }
    }

    private void Interrupt()
    {
        Tell();
        _watch.Change(Grace, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sends a line. The first line starts the run, and each further line interrupts it.</summary>
    private void Tell()
    {
        try
        {
            _process.StandardInput.WriteLine();
            _process.StandardInput.Flush();
        }
        catch (Exception ended) when (ended is IOException or InvalidOperationException)
        {
            // The process has already exited.
        }
    }

    // Process.WaitForExitAsync also waits for the end of redirected streams.
    private static async Task ExitOf(Process process, CancellationToken cancellationToken)
    {
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult();
        if (process.HasExited) exited.TrySetResult();
        await exited.Task.WaitAsync(cancellationToken);
    }

    private void ReceiveOutput(string text, RunEventReader events)
    {
        if (!events.Write(StreamName.Stdout, text)) Keep(text);
    }

    private bool Receive(string record, RunEventReader events)
    {
        if (RunRecord.Read(record) is not { } value) return false;
        if (_options.CellTimeout is { } limit && value is RunEvent.Begun)
            _watch.Change(limit + Grace, Timeout.InfiniteTimeSpan);
        if (value is RunEvent.Ended)
        {
            if (_options.CellTimeout is not null) _watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            // The error output of the cell may not have been read yet.
            Count(() => _ended++);
            WaitForOtherStream(() => _endedOnError >= _ended);
        }

        events.Replay(value);
        // After the end, too, what is written belongs to no earlier cell.
        if (value is RunEvent.Begun or RunEvent.Finished) Count(() => _begun++);
        if (value is RunEvent.Finished finished) _finished.TrySetResult(finished.Failures);
        return true;
    }

    private void ReceiveError(string text)
    {
        // Text after the end of a cell belongs to the next one, whose beginning may not have been read yet.
        WaitForOtherStream(() => _endedOnError == 0 || _begun > _endedOnError);
        _events?.Write(StreamName.Stderr, text);
        Keep(text);
    }

    private bool EndCellOnError(string record)
    {
        if (record.Length > 0) return false;
        Count(() => _endedOnError++);
        return true;
    }

    private void Count(Action change)
    {
        lock (_cells)
        {
            change();
            Monitor.PulseAll(_cells);
        }
    }

    // The two streams are read independently. Waits up to one second until the other one has been read as far.
    private void WaitForOtherStream(Func<bool> isReadAsFar)
    {
        lock (_cells)
        {
            while (!isReadAsFar())
            {
                if (!Monitor.Wait(_cells, MaxStreamWait)) return;
            }
        }
    }

    private void Keep(string text)
    {
        lock (_lastLines)
        {
            foreach (var letter in text)
            {
                if (letter != '\n')
                {
                    _lastLine.Append(letter);
                    continue;
                }

                if (_lastLines.Count == KeptLines) _lastLines.Dequeue();
                _lastLines.Enqueue(_lastLine.ToString().TrimEnd('\r'));
                _lastLine.Clear();
            }
        }
    }
}
