using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MnistLab.Kernel.Jupyter;
using NetMQ;
using NetMQ.Sockets;

namespace MnistLab.Benchmarks;

/// <summary>Represents a kernel process and a minimal front end for it.</summary>
internal sealed class BenchmarkedKernel : IDisposable
{
    // After a few hundred cells, a completion of .NET Interactive takes many seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Sockets = ["shell", "iopub", "stdin", "control", "hb"];

    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly string _file = Path.GetTempFileName();
    private readonly MessageFrames _frames;
    private readonly DealerSocket _shell = new();
    private readonly SubscriberSocket _published = new();
    private readonly Process _process;

    /// <summary>Starts a kernel.</summary>
    /// <param name="folder">The folder of the kernel's <c>kernel.json</c>.</param>
    public BenchmarkedKernel(string folder)
    {
        var key = Guid.NewGuid().ToString();
        var ports = FreePorts();
        var json = new JsonObject
        {
            ["transport"] = "tcp",
            ["ip"] = "127.0.0.1",
            ["key"] = key,
            ["signature_scheme"] = "hmac-sha256",
        };
        foreach (var (name, port) in Sockets.Zip(ports)) json[$"{name}_port"] = port;
        File.WriteAllText(_file, json.ToJsonString());
        _frames = new(key);
        _process = Process.Start(StartInfo(folder))!;
        // A full pipe would block the kernel.
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _shell.Options.Identity = Encoding.ASCII.GetBytes(_session);
        _shell.Options.ReconnectInterval = TimeSpan.FromMilliseconds(20);
        _shell.Connect($"tcp://127.0.0.1:{ports[0]}");
        _published.Options.ReceiveHighWatermark = 0;
        _published.Options.ReconnectInterval = TimeSpan.FromMilliseconds(20);
        _published.SubscribeToAnyTopic();
        _published.Connect($"tcp://127.0.0.1:{ports[1]}");
    }

    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>Runs a cell and waits for the reply.</summary>
    public Task RunAsync(string code) => Task.Run(() => Ask("execute_request", Execution(code)));

    /// <summary>Runs a cell and waits until all of its output has arrived.</summary>
    /// <returns>The text that the cell printed.</returns>
    public Task<string> PrintAsync(string code) => Task.Run(() =>
    {
        var request = Ask("execute_request", Execution(code));
        var printed = new StringBuilder();
        while (true)
        {
            var message = Receive(_published, "execute_request");
            if ((string?)message.Parent["msg_id"] != request) continue;
            if (message.Type == "stream") printed.Append((string?)message.Content["text"]);
            if ((string?)message.Content["execution_state"] == "idle") return printed.ToString();
        }
    });

    /// <summary>Requests completions at the end of a cell and waits for the reply.</summary>
    public Task CompleteAsync(string code) =>
        Task.Run(() => Ask("complete_request", new() { ["code"] = code, ["cursor_pos"] = code.Length }));

    public void Dispose()
    {
        _shell.Dispose();
        _published.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_file);
    }

    private static JsonObject Execution(string code) =>
        new() { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["allow_stdin"] = false };

    private ProcessStartInfo StartInfo(string folder)
    {
        var specification = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!;
        var command = specification["argv"]!.AsArray()
            .Select(argument => ((string)argument!).Replace("{connection_file}", _file, StringComparison.Ordinal))
            .ToList();
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true };
        foreach (var (name, value) in specification["env"] as JsonObject ?? [])
            start.Environment[name] = (string?)value;
        return start;
    }

    private string Ask(string type, JsonObject content)
    {
        var request = new JupyterMessage([], [], [], [], []).Child(type, content, _session, []);
        _shell.SendMultipartMessage(new NetMQMessage(_frames.Write(request)));
        var reply = Receive(_shell, type);
        if ((string?)reply.Content["status"] != "ok") throw new InvalidOperationException(reply.Content.ToJsonString());
        return (string)request.Header["msg_id"]!;
    }

    private JupyterMessage Receive(NetMQSocket socket, string type)
    {
        var frames = new NetMQMessage();
        if (!socket.TryReceiveMultipartMessage(Patience, ref frames))
            throw new TimeoutException($"The kernel did not respond to {type} within {Patience.TotalSeconds} s.");
        return _frames.Read([.. frames.Select(frame => frame.ToByteArray())])!;
    }

    private static int[] FreePorts()
    {
        var listeners = Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
