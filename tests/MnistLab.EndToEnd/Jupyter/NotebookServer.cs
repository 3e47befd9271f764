using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>Represents Debian's Jupyter Notebook, serving the notebooks of a workspace.</summary>
public sealed class NotebookServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _log;
    private readonly TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NotebookServer(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        _log = ReadLogAsync();
    }

    public Uri Address { get; }

    public static async Task<NotebookServer> StartAsync(CopiedWorkspace workspace)
    {
        var port = FreePort();
        string[] arguments = ["--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            $"--port={port}",
            "--port-retries=0",
            "--NotebookApp.token=",
            "--NotebookApp.password=",
            $"--notebook-dir={workspace.Folder}"];
        var process = Process.Start(workspace.StartInfo(null, InstalledProgram.Require("jupyter-notebook"), arguments))!;
        var server = new NotebookServer(process, new Uri($"http://127.0.0.1:{port}/"));
        await server._running.Task.WaitAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _log;
        _process.Dispose();
    }

    private async Task ReadLogAsync()
    {
        var lines = new List<string>();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (line.Contains("is running at", StringComparison.Ordinal)) _running.TrySetResult();
        }

        _running.TrySetException(new InvalidOperationException($"Jupyter ended before it ran: {string.Join('\n', lines)}"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
