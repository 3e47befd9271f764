using System.Diagnostics;
using MnistLab.EndToEnd;

namespace MnistLab.Benchmarks;

/// <summary>Represents the lab in a process of its own, as the command <c>open</c> starts it.</summary>
internal sealed class BenchmarkedStudio : IAsyncDisposable
{
    private readonly Process _process;

    private BenchmarkedStudio(Process process, Uri address, double seconds) =>
        (_process, Address, StartSeconds) = (process, address, seconds);

    /// <summary>Gets the address with the token that authorizes a browser.</summary>
    public Uri Address { get; }

    /// <summary>Gets the time from the start until the address was printed.</summary>
    public double StartSeconds { get; }

    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>Starts the lab and waits until it has printed its address.</summary>
    public static async Task<BenchmarkedStudio> StartAsync(CopiedWorkspace workspace)
    {
        var start = Stopwatch.GetTimestamp();
        var process = workspace.Start(null, "open", "--no-browser", "--port", "0");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Array.Find(line.Split(' '), word => word.StartsWith("http://", StringComparison.Ordinal)) is { } address)
                return new(process, new Uri(address), Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        throw new InvalidOperationException($"The lab ended: {await process.StandardError.ReadToEndAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
