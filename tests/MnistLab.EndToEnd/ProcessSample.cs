using System.Diagnostics;

namespace MnistLab.EndToEnd;

/// <summary>Represents the resources of a process at a point in time.</summary>
/// <param name="Megabytes">The resident memory, in MB.</param>
/// <param name="Handles">The number of open files and sockets.</param>
/// <param name="Threads">The number of threads.</param>
public sealed record ProcessSample(double Megabytes, double Handles, double Threads)
{
    /// <summary>Takes a sample.</summary>
    /// <param name="processId">The ID of the process.</param>
    public static ProcessSample Take(int processId)
    {
        using var process = Process.GetProcessById(processId);
        var handles = OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length : process.HandleCount;
        return new ProcessSample(process.WorkingSet64 / 1e6, handles, process.Threads.Count);
    }

    /// <summary>
    /// Returns the growth factor of a resource: the median of the last quarter of the samples divided by that of the
    /// second. The first quarter covers everything that the process allocates on first use.
    /// </summary>
    /// <param name="samples">The samples, in order.</param>
    /// <param name="figure">Returns the resource.</param>
    public static double Growth(IReadOnlyList<ProcessSample> samples, Func<ProcessSample, double> figure)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Quarter(3) / Quarter(1);

        double Quarter(int index) => samples
            .Skip(samples.Count * index / 4).Take(samples.Count / 4).Select(figure).Order().ElementAt(samples.Count / 8);
    }
}
