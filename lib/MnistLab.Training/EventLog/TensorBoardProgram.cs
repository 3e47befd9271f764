using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MnistLab.Training.EventLog;

/// <summary>Represents a running <c>tensorboard</c> process, which ends with this process.</summary>
internal sealed partial class TensorBoardProgram : IAsyncDisposable
{
    private const string Name = "tensorboard";
    private static readonly TimeSpan TimeToStart = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private TensorBoardProgram(Process process, Uri url)
    {
        (_process, Url) = (process, url);
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    /// <summary>Gets the address of TensorBoard, which accepts connections from this machine only.</summary>
    public Uri Url { get; }

    /// <summary>Returns the path of the program, searched for in <c>PATH</c>; null if it is not installed.</summary>
    public static string? Find()
    {
        var name = OperatingSystem.IsWindows() ? Name + ".exe" : Name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Starts the program on a folder and waits until it prints its address.</summary>
    /// <exception cref="TensorBoardException">The program exited, or printed no address within one minute.</exception>
    public static async Task<TensorBoardProgram> StartAsync(
        string program, string logDir, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, ["--logdir",
            logDir,
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--reload_interval",
            "5"])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new TensorBoardException($"{program} could not be started.");
        var (address, said) = (new TaskCompletionSource<Uri?>(TaskCreationOptions.RunContinuationsAsynchronously), new List<string>());
        void Receive(object sender, DataReceivedEventArgs e)
        {
            lock (said)
            {
                if (e.Data is not null) said.Add(e.Data);
            }

            if (e.Data is not null && Address().Match(e.Data) is { Success: true } match) address.TrySetResult(new Uri(match.Value));
        }

        process.OutputDataReceived += Receive;
        process.ErrorDataReceived += Receive;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => address.TrySetResult(null);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            if (await address.Task.WaitAsync(TimeToStart, time, cancellationToken) is { } url) return new TensorBoardProgram(process, url);
            // Waits until the rest of its output is read.
            await process.WaitForExitAsync(cancellationToken);
            lock (said) throw new TensorBoardException(
                $"{program} has ended (exit code {process.ExitCode}): {string.Join(Environment.NewLine, said.TakeLast(5))}");
        }
        catch (Exception error)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.Dispose();
            if (error is TimeoutException)
                throw new TensorBoardException($"{program} printed no address within {TimeToStart.TotalSeconds:F0} s.");
            throw;
        }
    }

    /// <summary>Kills the process.</summary>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(null, EventArgs.Empty);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Kill(object? sender, EventArgs e)
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }

    [GeneratedRegex(@"http://\S+:\d+/?")]
    private static partial Regex Address();
}
