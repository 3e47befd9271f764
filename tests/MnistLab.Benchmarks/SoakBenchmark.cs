using System.Globalization;
using MnistLab.EndToEnd;

namespace MnistLab.Benchmarks;

/// <summary>
/// Applies mixed load for half an hour: the resources of the service's process must not grow, and nothing may fail.
/// </summary>
internal static class SoakBenchmark
{
    private const double Bar = 1.05;
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(30);

    public static async Task RunAsync(Report report)
    {
        await using var soak = new Soak();
        await soak.RunAsync(Duration);
        Add("resident memory", "MB", sample => sample.Megabytes);
        Add("handles", "handles", sample => sample.Handles);
        Add("threads", "threads", sample => sample.Threads);
        var done = soak.Done.Select(work => string.Create(CultureInfo.InvariantCulture, $"{work.Key} {work.Value:N0}"));
        report.Note($"  without an error: {string.Join(", ", done)}");

        void Add(string what, string unit, Func<ProcessSample, double> figure) => report.AtMostValue(
            $"service after {Duration.TotalMinutes} min of mixed load: {what}, last quarter by second",
            ProcessSample.Growth(soak.Samples, figure), Bar,
            string.Create(CultureInfo.InvariantCulture, $"at the end {figure(soak.Samples[^1]):N0} {unit}"));
    }
}
