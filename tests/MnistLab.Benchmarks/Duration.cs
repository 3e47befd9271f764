using System.Diagnostics;

namespace MnistLab.Benchmarks;

/// <summary>
/// How long work took. Training uses one thread, so that its processor time is what a clock would show on a machine that does nothing else;
/// where other programs take turns on the processor, only the clock notices.
/// </summary>
/// <param name="Processor">
/// The process' time on the processor, in milliseconds: of all its threads, in its own code and in the system's.
/// </param>
/// <param name="Clock">The time that passed, in milliseconds.</param>
internal readonly record struct Duration(double Processor, double Clock)
{
    public static Duration operator *(Duration duration, double factor) => new(duration.Processor * factor, duration.Clock * factor);

    public static Duration operator +(Duration first, Duration second) =>
        new(first.Processor + second.Processor, first.Clock + second.Clock);

    public static Duration operator -(Duration last, Duration first) => new(last.Processor - first.Processor, last.Clock - first.Clock);

    /// <summary>What both clocks show: differences of it are durations.</summary>
    public static Duration Now => new(Environment.CpuUsage.TotalTime.TotalMilliseconds, Stopwatch.GetElapsedTime(0).TotalMilliseconds);

    public static Duration Of(Action work)
    {
        var start = Now;
        work();
        return Now - start;
    }
}
