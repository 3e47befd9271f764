using System.Diagnostics;
using MnistLab.Kernel.Installation;
using MnistLab.Testing;

namespace MnistLab.Benchmarks;

/// <summary>
/// Represents this kernel, compiled ahead of time as users install it, and the C# kernel of .NET Interactive, each in a
/// separate Jupyter data folder.
/// </summary>
internal sealed class BenchmarkedKernels : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private BenchmarkedKernels()
    {
    }

    /// <summary>Gets the Jupyter data folder of this kernel.</summary>
    public string OursData => _folder["ours"];

    /// <summary>Gets the Jupyter data folder of .NET Interactive's kernel.</summary>
    public string PeersData => _folder["peer"];

    /// <summary>Gets the folder of this kernel's specification.</summary>
    public string Ours => Path.Combine(OursData, "kernels", KernelInstallation.DefaultName);

    /// <summary>Gets the program of this kernel, compiled ahead of time.</summary>
    public string OursProgram => Path.Combine(Ours, "program", KernelProgram.Name);

    /// <summary>Gets the folder of .NET Interactive's specification.</summary>
    public string Peer => Path.Combine(PeersData, "kernels", DotNetInteractive.KernelName);

    /// <summary>Returns whether .NET Interactive is installed; if not, reports the benchmark as skipped.</summary>
    public static bool HavePeer(Report report, string what)
    {
        if (InstalledProgram.Find(DotNetInteractive.Program) is not null) return true;
        report.Skip(what, $"{DotNetInteractive.Program} is not installed (.ci/run installs it)");
        return false;
    }

    /// <summary>Installs this kernel, and .NET Interactive's if the tool is installed.</summary>
    public static async Task<BenchmarkedKernels> InstallAsync()
    {
        var kernels = new BenchmarkedKernels();
        try
        {
            if (InstalledProgram.Find(DotNetInteractive.Program) is { } tool)
                await DotNetInteractive.InstallAsync(tool, kernels.PeersData);
            await kernels.InstallOursAsync();
            return kernels;
        }
        catch
        {
            kernels.Dispose();
            throw;
        }
    }

    /// <summary>Times both kernels alternately, so that other load on the machine affects both alike.</summary>
    /// <returns>The median times, in milliseconds.</returns>
    public static async Task<Comparison> InTurnAsync(
        BenchmarkedKernel ours, BenchmarkedKernel peer, int rounds, Func<BenchmarkedKernel, int, Task> work)
    {
        var (oursTimes, peerTimes) = (new List<double>(), new List<double>());
        for (var i = 0; i < rounds; i++)
        {
            oursTimes.Add(await TimeAsync(() => work(ours, i)));
            peerTimes.Add(await TimeAsync(() => work(peer, i)));
        }

        return Comparison.OfMedians(oursTimes, peerTimes, "ms");
    }

    /// <summary>Returns the duration of the work, in milliseconds.</summary>
    public static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public void Dispose() => _folder.Dispose();

    private async Task InstallOursAsync()
    {
        var installation = new KernelInstallation(JupyterFolders.OfEnvironment);
        var (name, displayName) = (KernelInstallation.DefaultName, KernelInstallation.DefaultDisplayName);
        var folder = Path.GetDirectoryName(Ours);
        var (_, problem) = await installation.InstallCompiledAsync(name, displayName, folder, new Progress<string>());
        if (problem is not null)
            throw new InvalidOperationException($"The kernel could not be compiled ahead of time: {problem}");
    }
}
