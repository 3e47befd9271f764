using System.Globalization;

namespace MnistLab.Benchmarks;

/// <summary>How busy the machine's processors are, with whatever they do. Linux (proc_stat(5)).</summary>
/// <param name="Busy">For how long they have been busy since the machine was started, all together, in ticks.</param>
/// <param name="Total">How long that is, busy or not, of all processors together, in ticks.</param>
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

    /// <summary>The share of the time since then that they were busy, 0 to 1.</summary>
    public double ShareSince(ProcessorLoad then) => (Busy - then.Busy) / (Total - then.Total);
}
