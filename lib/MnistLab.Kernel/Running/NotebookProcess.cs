using System.Diagnostics;

namespace MnistLab.Kernel;

/// <summary>The process in which one notebook runs.</summary>
internal sealed class NotebookProcess(string notebook, string executed)
{
    private const int KeptLines = 60;

    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource _outputRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorRead = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last lines that the process wrote, other than progress.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lastLines) return [.. _lastLines];
        }
    }

    /// <summary>Starts the process and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="OperationCanceledException">It was killed on request, with the processes of its group.</exception>
    public async Task<int> RunAsync(Action<CellProgress> progress, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = StartInfo(), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Receive(line.Data, progress, _outputRead);
        process.ErrorDataReceived += (_, line) => Receive(line.Data, null, _errorRead);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await ExitOf(process, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            NotebookProcessGroup.Kill(process);
            await ExitOf(process, CancellationToken.None);
            throw;
        }

        // What it wrote last is still on its way. The end of the streams may never come: a service that a cell deployed holds them open as long as it lives.
        await Task.WhenAny(Task.WhenAll(_outputRead.Task, _errorRead.Task), Task.Delay(TimeSpan.FromSeconds(1), cancellationToken));
        return process.ExitCode;
    }

    private ProcessStartInfo StartInfo()
    {
        var kernel = Path.Combine(AppContext.BaseDirectory, "MnistLab.Kernel.dll");
        if (!File.Exists(kernel)) kernel = typeof(NotebookProcess).Assembly.Location;
        return new(DotnetHost.Path, ["exec", kernel, ExecuteCommand.Name, notebook, ExecuteCommand.OutputOption, executed, ExecuteCommand.ParentOption])
        {
            WorkingDirectory = Path.GetDirectoryName(notebook)!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    // Process.WaitForExitAsync waits for the end of redirected streams too.
    private static async Task ExitOf(Process process, CancellationToken cancellationToken)
    {
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult();
        if (process.HasExited) exited.TrySetResult();
        await exited.Task.WaitAsync(cancellationToken);
    }

    private void Receive(string? line, Action<CellProgress>? progress, TaskCompletionSource ended)
    {
        if (line is null)
        {
            ended.TrySetResult();
            return;
        }

        var (text, cell) = progress is null ? (line, null) : ProgressRecord.Read(line);
        if (cell is not null) progress!(cell);
        if (text.Length == 0) return;
        lock (_lastLines)
        {
            if (_lastLines.Count == KeptLines) _lastLines.Dequeue();
            _lastLines.Enqueue(text);
        }
    }
}
