using System.Diagnostics;
using System.Globalization;
using MnistLab.Hosting;

namespace MnistLab.Studio.Tests;

/// <summary>A lab in a process of its own, as its command starts it; killed when it is disposed.</summary>
internal sealed class StudioProcess : IAsyncDisposable
{
    private readonly Process _process;

    private StudioProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Gets the address that lets a browser in.</summary>
    public Uri Address { get; }

    /// <summary>Starts a lab, and waits until it has printed its address.</summary>
    /// <param name="workspace">The workspace's folder, with the file that marks it.</param>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="environment">Further environment variables.</param>
    public static async Task<StudioProcess> StartAsync(
        string workspace, int port = 0, params (string Name, string Value)[] environment)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MnistLab.Studio.dll");
        string[] arguments = ["exec", program, "--no-browser", "--port", port.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo(DotnetHost.Path, arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = workspace,
        };
        start.Environment["MNISTLAB_HOME"] = workspace;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            var address = Array.Find(line.Split(' '), word => word.StartsWith("http://", StringComparison.Ordinal));
            if (address is not null) return new StudioProcess(process, new Uri(address));
        }

        throw new InvalidOperationException($"Studio ended with exit code {process.ExitCode} before it was open.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
