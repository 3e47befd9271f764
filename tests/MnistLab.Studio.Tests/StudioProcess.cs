using System.Diagnostics;
using System.Globalization;
using MnistLab.Hosting;

namespace MnistLab.Studio.Tests;

/// <summary>Represents a lab in a separate process, started with its command; killed when it is disposed.</summary>
internal sealed class StudioProcess : IAsyncDisposable
{
    private readonly Process _process;

    private StudioProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Gets the address with the token that authorizes a browser.</summary>
    public Uri Address { get; }

    /// <summary>Starts a lab, and waits until it has printed its address.</summary>
    /// <param name="workspace">The folder of the workspace, with the file that marks it.</param>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="environment">Additional environment variables.</param>
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
