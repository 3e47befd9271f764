using System.Diagnostics;
using System.Text;
using MnistLab.Hosting;

namespace MnistLab.Kernel;

/// <summary>
/// The process in which one notebook runs. It gets ready as soon as it is started, and runs the first cell when it is told to;
/// one that has not been told to is ended by <see cref="Dispose"/>.
/// </summary>
internal sealed class NotebookProcess : IDisposable
{
    /// <summary>How long a cell that is to stop has for it; after that it is stopped together with its process.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private const int KeptLines = 60;
    private static readonly TimeSpan LongestWaitForError = TimeSpan.FromSeconds(1);

    private readonly RunOptions _options;
    private readonly TimeProvider _time;
    private readonly Process _process;
    private readonly ITimer _watch;
    // Told that a cell is running late, it kills the process: the cell cannot be stopped otherwise.
    private readonly CancellationTokenSource _overdue = new();
    private readonly Queue<string> _lastLines = new();
    private readonly StringBuilder _lastLine = new();
    private readonly SemaphoreSlim _cellsEndedOnError = new(0);
    private readonly Task _errorRead;
    private RunEventReader? _events;
    private readonly TaskCompletionSource<int> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the last lines that the process wrote to its standard error, or outside a cell.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lastLines) return _lastLine.Length > 0 ? [.. _lastLines, _lastLine.ToString()] : [.. _lastLines];
        }
    }

    /// <summary>Starts the process.</summary>
    /// <param name="notebook">The file to run, which has to be there when it is told to.</param>
    /// <param name="folder">The folder that it counts as lying in.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="time">Measures the limits.</param>
    public NotebookProcess(string notebook, string folder, RunOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _watch = time.CreateTimer(_ => Cancel(_overdue), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _process = new Process { StartInfo = StartInfo(notebook, folder, options), EnableRaisingEvents = true };
        _process.Start();
        _errorRead = new FrameReader(ReceiveError, EndCellOnError).ReadAsync(_process.StandardError.BaseStream);
    }

    /// <summary>Runs the notebook, and waits for the end of the process.</summary>
    /// <param name="sink">Gets what the notebook makes, as it comes.</param>
    /// <param name="interruption">Stops the running cell, and with it the notebook; what there is so far is kept.</param>
    /// <param name="cancellationToken">Kills the process, with those of its group.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OperationCanceledException">It was killed on request.</exception>
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

        // What it wrote last is still on its way. The end of the streams may never come: a service that a cell deployed holds them open as long as it lives.
        await Task.WhenAny(_finished.Task, Task.WhenAll(outputRead, _errorRead), Task.Delay(TimeSpan.FromSeconds(2), _time, cancellationToken));
        return new(_process.ExitCode, _finished.Task.IsCompleted ? _finished.Task.Result : null, _overdue.IsCancellationRequested);
    }

    /// <summary>Ends the process if it has not ended.</summary>
    public void Dispose()
    {
        if (!_process.HasExited) NotebookProcessGroup.Kill(_process);
        _process.Dispose();
        _watch.Dispose();
        _overdue.Dispose();
        _cellsEndedOnError.Dispose();
    }

    private static ProcessStartInfo StartInfo(string notebook, string folder, RunOptions options)
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

    /// <summary>Sends a line: the first one begins the run, each of the others interrupts it.</summary>
    private void Tell()
    {
        try
        {
            _process.StandardInput.WriteLine();
            _process.StandardInput.Flush();
        }
        catch (Exception ended) when (ended is IOException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    // Process.WaitForExitAsync waits for the end of redirected streams too.
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
            // What the cell's work wrote there belongs to the cell, and the two streams are read independently.
            _cellsEndedOnError.Wait(LongestWaitForError);
        }

        events.Replay(value);
        if (value is RunEvent.Finished finished) _finished.TrySetResult(finished.Failures);
        return true;
    }

    private void ReceiveError(string text)
    {
        _events?.Write(StreamName.Stderr, text);
        Keep(text);
    }

    private bool EndCellOnError(string record)
    {
        if (record.Length > 0) return false;
        _cellsEndedOnError.Release();
        return true;
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
