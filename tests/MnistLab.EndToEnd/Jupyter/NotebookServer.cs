using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>Debian's Jupyter Notebook, on the notebooks of a workspace.</summary>
public sealed class NotebookServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _log;

    private NotebookServer(Process process, Uri address) => (_process, Address, _log) = (process, address, process.StandardError.ReadToEndAsync());

    public Uri Address { get; }

    public static async Task<NotebookServer> StartAsync(CopiedWorkspace workspace)
    {
        var port = FreePort();
        string[] arguments = ["--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={port}", "--port-retries=0", "--NotebookApp.token=", "--NotebookApp.password=", $"--notebook-dir={workspace.Folder}"];
        var process = Process.Start(workspace.StartInfo(null, InstalledProgram.Require("jupyter-notebook"), arguments))!;
        var server = new NotebookServer(process, new Uri($"http://127.0.0.1:{port}/"));
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(server.Address, "api/kernelspecs"), TestContext.Current.CancellationToken);
                answer.EnsureSuccessStatusCode();
                return server;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _log;
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
