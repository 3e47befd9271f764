using System.Diagnostics;
using System.Text;

namespace MnistLab.Kernel;

/// <summary>The process in which one notebook runs.</summary>
/// <param name="notebook">The file to run.</param>
/// <param name="folder">The folder that it counts as lying in.</param>
/// <param name="options">How to run it.</param>
/// <param name="sink">Gets what the notebook makes, as it comes.</param>
/// <param name="time">Measures the limits.</param>
internal sealed class NotebookProcess(string notebook, string folder, RunOptions options, IRunSink sink, TimeProvider time)
{
    /// <summary>How long a cell that is to stop has for it; after that it is stopped together with its process.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private const int KeptLines = 60;

    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource _outputRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last lines that the process wrote, other than events.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lastLines) return [.. _lastLines];
        }
    }

    /// <summary>Starts the process and waits for its end.</summary>
    /// <param name="interruption">Stops the running cell, and with it the notebook; what there is so far is kept.</param>
    /// <param name="cancellationToken">Kills the process, with those of its group.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OperationCanceledException">It was killed on request.</exception>
    public async Task<NotebookProcessEnd> RunAsync(CancellationToken interruption, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = StartInfo(), EnableRaisingEvents = true };
        // Told that a cell is running late, it kills the process: the cell cannot be stopped otherwise.
        using var overdue = new CancellationTokenSource();
        using var watch = time.CreateTimer(_ => Cancel(overdue), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        process.OutputDataReceived += (_, line) => ReceiveOutput(line.Data, watch);
        process.ErrorDataReceived += (_, line) => ReceiveError(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var interrupted = interruption.UnsafeRegister(_ => Interrupt(process, watch), null);
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(overdue.Token, cancellationToken);
        try
        {
            await ExitOf(process, kill.Token);
        }
        catch (OperationCanceledException)
        {
            NotebookProcessGroup.Kill(process);
            await ExitOf(process, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
        }

        // What it wrote last is still on its way. The end of the streams may never come: a service that a cell deployed holds them open as long as it lives.
        await Task.WhenAny(_finished.Task, Task.WhenAll(_outputRead.Task, _errorRead.Task), Task.Delay(TimeSpan.FromSeconds(2), time, cancellationToken));
        return new(process.ExitCode, _finished.Task.IsCompleted ? _finished.Task.Result : null, overdue.IsCancellationRequested);
    }

    private ProcessStartInfo StartInfo()
    {
        var kernel = Path.Combine(AppContext.BaseDirectory, "MnistLab.Kernel.dll");
        if (!File.Exists(kernel)) kernel = typeof(NotebookProcess).Assembly.Location;
        return new(DotnetHost.Path, ["exec", kernel, .. ExecuteArguments.ForEvents(notebook, folder, options)])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
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

    private static void Interrupt(Process process, ITimer watch)
    {
        try
        {
            process.StandardInput.WriteLine();
            process.StandardInput.Flush();
            watch.Change(Grace, Timeout.InfiniteTimeSpan);
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

    private void ReceiveOutput(string? line, ITimer watch)
    {
        if (line is null)
        {
            _outputRead.TrySetResult();
            return;
        }

        var (text, value) = RunRecord.Read(line);
        if (text.Length > 0) Keep(text);
        if (value is null) return;

        if (options.CellTimeout is { } limit && value is RunEvent.Begun) watch.Change(limit + Grace, Timeout.InfiniteTimeSpan);
        if (options.CellTimeout is not null && value is RunEvent.Ended) watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        RunEventReader.Replay(value, sink);
        if (value is RunEvent.Finished finished) _finished.TrySetResult(finished.Failures);
    }

    private void ReceiveError(string? line)
    {
        if (line is null) _errorRead.TrySetResult();
        else Keep(line);
    }

    private void Keep(string line)
    {
        lock (_lastLines)
        {
            if (_lastLines.Count == KeptLines) _lastLines.Dequeue();
            _lastLines.Enqueue(line);
        }
    }
}
