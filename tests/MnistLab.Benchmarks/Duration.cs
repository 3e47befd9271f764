using System.Diagnostics;

namespace MnistLab.Benchmarks;

/// <summary>
/// Represents the duration of some work. Training uses one thread, so that on an otherwise idle machine, its processor
/// time equals the elapsed time; if other programs use the processor, only the elapsed time increases.
/// </summary>
/// <param name="Processor">
/// The processor time of the process in milliseconds: of all its threads, in user and in kernel mode.
/// </param>
/// <param name="Clock">The elapsed time in milliseconds.</param>
internal readonly record struct Duration(double Processor, double Clock)
{
    public static Duration operator *(Duration duration, double factor) => new(duration.Processor * factor, duration.Clock * factor);

    public static Duration operator +(Duration first, Duration second) =>
        new(first.Processor + second.Processor, first.Clock + second.Clock);

    public static Duration operator -(Duration last, Duration first) => new(last.Processor - first.Processor, last.Clock - first.Clock);

    /// <summary>The readings of both clocks; durations are differences between readings.</summary>
    public static Duration Now => new(Environment.CpuUsage.TotalTime.TotalMilliseconds, Stopwatch.GetElapsedTime(0).TotalMilliseconds);

    public static Duration Of(Action work)
    {
        var start = Now;
        work();
        return Now - start;
    }
}
