using System.ComponentModel;
using System.Diagnostics;
using MnistLab.Hosting;
using MnistLab.Kernel.Installation;
using MnistLab.Kernel.Jupyter;

namespace MnistLab.Studio.Kernels;

/// <summary>Represents the process of a kernel.</summary>
internal sealed class KernelProcess : IAsyncDisposable
{
    private const int KeptLines = 20;

    private readonly Process _process;
    private readonly string _folder;
    private readonly Queue<string> _lastLines = new();

    private KernelProcess(Process process, ConnectionFile connection, string folder)
    {
        (_process, Connection, _folder) = (process, connection, folder);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Ended = process.WaitForExitAsync();
    }

    /// <summary>Gets the connection of the kernel.</summary>
    public ConnectionFile Connection { get; }

    /// <summary>Gets the task that completes when the process has ended.</summary>
    public Task Ended { get; }

    /// <summary>Gets the ID of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Gets the exit code of the process, and the last lines of its output.</summary>
    public string Description
    {
        get
        {
            lock (_lastLines)
            {
                var code = _process.HasExited ? $"exit code {_process.ExitCode}" : "still running";
                return _lastLines.Count == 0 ? code : $"{code}\n{string.Join('\n', _lastLines)}";
            }
        }
    }

    /// <summary>Starts a kernel.</summary>
    /// <param name="specification">The kernel specification.</param>
    /// <param name="workingFolder">The folder of the notebook.</param>
    /// <exception cref="StudioException">The program of the kernel cannot be started.</exception>
    public static KernelProcess Start(KernelSpecification specification, string workingFolder)
    {
        var folder = Directory.CreateTempSubdirectory("mnistlab-kernel-").FullName;
        var file = Path.Combine(folder, "connection.json");
        var connection = ConnectionFile.CreateLocal();
        connection.Write(file);
        string[] arguments =
            [.. specification.Arguments.Select(argument => argument.Replace("{connection_file}", file, StringComparison.Ordinal))];
        // The specification may name the runtime as a bare "dotnet".
        var program = arguments[0] == "dotnet" ? DotnetHost.Path : arguments[0];
        var start = new ProcessStartInfo(program, arguments[1..])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in specification.Variables) start.Environment[name] = value;
        // Lets the kernel detect that its parent process has ended. On Windows, Jupyter passes a handle instead.
        if (!OperatingSystem.IsWindows()) start.Environment["JPY_PARENT_PID"] = $"{Environment.ProcessId}";
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return new(process, connection, folder);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or DirectoryNotFoundException)
        {
            Directory.Delete(folder, recursive: true);
            throw new StudioException(
                $"The kernel '{specification.DisplayName}' cannot be started: {error.Message} Its program is {program}. "
                + "Choose another kernel, or reinstall this one.",
                error);
        }
    }

    /// <summary>
    /// Interrupts the running cell of a kernel whose interrupt mode is the signal SIGINT. Does nothing on Windows.
    /// </summary>
    public void SendInterrupt()
    {
        if (!OperatingSystem.IsWindows()) _ = InterruptSignal.Send(_process.Id);
    }

    /// <summary>Ends the process.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: false);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // The process has just ended.
        }

        await Ended;
        _process.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > KeptLines) _lastLines.Dequeue();
        }
    }
}
