using System.Diagnostics;

namespace MnistLab.EndToEnd;

/// <summary>What a process holds at a moment.</summary>
/// <param name="Megabytes">Its resident memory, in MB.</param>
/// <param name="Handles">Its open files and sockets.</param>
/// <param name="Threads">Its threads.</param>
public sealed record ProcessSample(double Megabytes, double Handles, double Threads)
{
    /// <summary>Takes a sample.</summary>
    /// <param name="processId">The process.</param>
    public static ProcessSample Take(int processId)
    {
        using var process = Process.GetProcessById(processId);
        var handles = OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length : process.HandleCount;
        return new ProcessSample(process.WorkingSet64 / 1e6, handles, process.Threads.Count);
    }

    /// <summary>
    /// Returns by what factor a figure grew: the median of the last quarter of the samples by that of the second. What a
    /// process needs for the first time, it takes in the first quarter.
    /// </summary>
    /// <param name="samples">The samples, in order.</param>
    /// <param name="figure">Which figure.</param>
    public static double Growth(IReadOnlyList<ProcessSample> samples, Func<ProcessSample, double> figure)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Quarter(3) / Quarter(1);

        double Quarter(int index) => samples
            .Skip(samples.Count * index / 4).Take(samples.Count / 4).Select(figure).Order().ElementAt(samples.Count / 8);
    }
}
