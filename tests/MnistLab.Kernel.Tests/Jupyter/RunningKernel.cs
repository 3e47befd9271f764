using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MnistLab.Hosting;
using MnistLab.Kernel.Installation;
using MnistLab.Kernel.Jupyter;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

/// <summary>Represents a kernel in a separate process, started as Jupyter starts it.</summary>
public sealed class RunningKernel : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RunningKernel()
        : this(new Dictionary<string, string>())
    {
    }

    internal RunningKernel(IReadOnlyDictionary<string, string> variables, bool ignoresInterrupts = false)
    {
        Connection = new(
            "127.0.0.1",
            Enum.GetValues<JupyterChannel>().Zip(FreePorts(5)).ToDictionary(pair => pair.First, pair => pair.Second),
            Guid.NewGuid().ToString());
        var file = _folder["connection.json"];
        File.WriteAllText(file, Json().ToJsonString());
        string[] arguments = ["exec", KernelProgram.File, JupyterCommand.Name, file];
        // A shell that ignores the signal passes that on to the program that replaces it.
        var start = ignoresInterrupts
            ? new ProcessStartInfo("/bin/sh", ["-c", "trap '' INT; exec \"$0\" \"$@\"", DotnetHost.Path, .. arguments])
            : new ProcessStartInfo(DotnetHost.Path, arguments);
        start = new(start.FileName, start.ArgumentList)
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        Process = Process.Start(start)!;
        FrontEnd = new(Connection);
    }

    /// <summary>Starts a kernel whose parent ignores SIGINT, as <c>nohup</c> and many scripts do.</summary>
    public static RunningKernel WhoseParentIgnoresInterrupts() => new(new Dictionary<string, string>(), ignoresInterrupts: true);

    /// <summary>Gets the folder in which the kernel runs.</summary>
    public string Folder => _folder.Path;

    public Process Process { get; }

    internal ConnectionFile Connection { get; }

    internal FrontEnd FrontEnd { get; }

    public async ValueTask DisposeAsync()
    {
        FrontEnd.Dispose();
        if (!Process.HasExited) Process.Kill(entireProcessTree: true);
        await Process.WaitForExitAsync();
        Process.Dispose();
        _folder.Dispose();
    }

    private JsonObject Json() => new()
    {
        ["transport"] = "tcp",
        ["ip"] = Connection.Address,
        ["shell_port"] = Connection.Ports[JupyterChannel.Shell],
        ["iopub_port"] = Connection.Ports[JupyterChannel.IOPub],
        ["stdin_port"] = Connection.Ports[JupyterChannel.Stdin],
        ["control_port"] = Connection.Ports[JupyterChannel.Control],
        ["hb_port"] = Connection.Ports[JupyterChannel.Heartbeat],
        ["key"] = Connection.Key,
        ["signature_scheme"] = "hmac-sha256",
    };

    // Opened all at once, so that the ports are distinct.
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
