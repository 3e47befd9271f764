using System.Globalization;

namespace MnistLab.Benchmarks;

/// <summary>
/// Represents the utilization of the machine's processors by all programs. Linux only (proc_stat(5)).
/// </summary>
/// <param name="Busy">The total busy time of all processors since the machine was started, in ticks.</param>
/// <param name="Total">The total time of all processors, busy or idle, in ticks.</param>
internal readonly record struct ProcessorLoad(double Busy, double Total)
{
    private const int Kinds = 8;
    private const int Idle = 3;
    private const int WaitingForDisk = 4;

    public static ProcessorLoad Now()
    {
        var ticks = File
            .ReadLines("/proc/stat")
            .First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Take(Kinds)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))
            .ToArray();
        return new ProcessorLoad(ticks.Sum() - ticks[Idle] - ticks[WaitingForDisk], ticks.Sum());
    }

    /// <summary>Returns the processor utilization since then, from 0 to 1.</summary>
    public double ShareSince(ProcessorLoad then) => (Busy - then.Busy) / (Total - then.Total);
}
