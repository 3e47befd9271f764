using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MnistLab.Kernel;
using NetMQ;
using NetMQ.Sockets;

namespace MnistLab.Benchmarks;

/// <summary>A kernel in a process of its own, and the least that a front end has to be.</summary>
internal sealed class BenchmarkedKernel : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly string _file = Path.GetTempFileName();
    private readonly MessageFrames _frames;
    private readonly DealerSocket _shell = new();
    private readonly Process _process;

    public BenchmarkedKernel()
    {
        var key = Guid.NewGuid().ToString();
        var ports = FreePorts();
        var json = new JsonObject { ["transport"] = "tcp", ["ip"] = "127.0.0.1", ["key"] = key, ["signature_scheme"] = "hmac-sha256" };
        foreach (var (name, port) in new[] { "shell", "iopub", "stdin", "control", "hb" }.Zip(ports)) json[$"{name}_port"] = port;
        File.WriteAllText(_file, json.ToJsonString());
        _frames = new(key);
        _process = Process.Start(new ProcessStartInfo(DotnetHost.Path, ["exec", KernelProgram.File, JupyterCommand.Name, _file]) { RedirectStandardOutput = true })!;
        _shell.Options.Identity = Encoding.ASCII.GetBytes(_session);
        _shell.Options.ReconnectInterval = TimeSpan.FromMilliseconds(20);
        _shell.Connect($"tcp://127.0.0.1:{ports[0]}");
    }

    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    public Task RunAsync(string code) => AskAsync("execute_request", new() { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["allow_stdin"] = false });

    public Task CompleteAsync(string code) => AskAsync("complete_request", new() { ["code"] = code, ["cursor_pos"] = code.Length });

    public void Dispose()
    {
        _shell.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_file);
    }

    private Task AskAsync(string type, JsonObject content) => Task.Run(() =>
    {
        _shell.SendMultipartMessage(new NetMQMessage(_frames.Write(new JupyterMessage([], [], [], [], []).Child(type, content, _session, []))));
        var frames = new NetMQMessage();
        if (!_shell.TryReceiveMultipartMessage(Patience, ref frames)) throw new TimeoutException($"The kernel did not answer to {type}.");
        var reply = _frames.Read([.. frames.Select(frame => frame.ToByteArray())])!;
        if ((string?)reply.Content["status"] != "ok") throw new InvalidOperationException(reply.Content.ToJsonString());
    });

    private static int[] FreePorts()
    {
        var listeners = Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
