using System.Diagnostics;

namespace MnistLab.Benchmarks;

/// <summary>
/// The Jupyter kernel as a front end sees it, against what was measured of .NET Interactive on a machine of this kind (which is no more, so that no peer can run beside it).
/// </summary>
internal static class KernelBenchmark
{
    private const int Starts = 5;
    private const int Cells = 420;
    private const int Completions = 20;

    public static async Task RunAsync(Report report)
    {
        var starts = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var started = new BenchmarkedKernel();
            await started.RunAsync("1 + 1");
            starts.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        report.AtMost("kernel: start to first result, median", Of(starts, 3600, "ms"), 1000.0 / 3600);

        using var kernel = new BenchmarkedKernel();
        await kernel.RunAsync("1 + 1");
        report.AtMost("kernel: resident when idle", new Comparison(kernel.ResidentMegabytes, 329, "MB"), 230.0 / 329);

        var cells = new List<double>();
        for (var i = 0; i < Cells; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await kernel.RunAsync(FormattableString.Invariant($"var x{i} = {i}; x{i}"));
            cells.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        report.AtMost("kernel: round trip of a small cell, median", Of(cells, 21, "ms"), 22.0 / 21);
        report.AtMost("kernel: resident after 420 small cells", new Comparison(kernel.ResidentMegabytes, 540, "MB"), 320.0 / 540);

        using var edited = new BenchmarkedKernel();
        await edited.RunAsync("var text = \"\";");
        await edited.CompleteAsync("text.");
        var completions = new List<double>();
        for (var i = 0; i < Completions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await edited.CompleteAsync(i % 2 == 0 ? "text.Len" : "Console.Wr");
            completions.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        report.AtMost("kernel: completion when warm, median (limit 120 ms)", Of(completions, 120, "ms"), 1);
    }

    private static Comparison Of(List<double> times, double peer, string unit) => new(times.Order().ElementAt(times.Count / 2), peer, unit);
}
