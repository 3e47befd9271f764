using System.Diagnostics;
using MnistLab.Benchmarks.Reporting;

namespace MnistLab.Benchmarks;

/// <summary>Represents a comparison with a peer in the same run.</summary>
/// <param name="Ours">The measurements of this library.</param>
/// <param name="Peer">The measurements of the peer.</param>
/// <param name="Unit">The unit of both.</param>
internal sealed record Comparison(double Ours, double Peer, string Unit)
{
    public double Ratio => Ours / Peer;

    /// <summary>Gets the ratio of each round; empty if there was only one.</summary>
    public IReadOnlyList<double> Ratios { get; init; } = [];

    public override string ToString() => $"{Row.Text(Ours)} and {Row.Text(Peer)} {Unit}";

    /// <summary>
    /// Runs both alternately, so that other load on the machine affects both alike, and compares the medians of the
    /// times.
    /// </summary>
    public static async Task<Comparison> OfTimesAsync(Func<Task> ours, Func<Task> peer, int rounds)
    {
        var (oursTimes, peerTimes) = (new List<double>(), new List<double>());
        for (var i = -1; i < rounds; i++)
        {
            var (oursTime, peerTime) = i % 2 == 0
                ? (await TimeAsync(ours), await TimeAsync(peer))
                : Swap(await TimeAsync(peer), await TimeAsync(ours));
            // The first round is a warm-up.
            if (i < 0) continue;
            oursTimes.Add(oursTime);
            peerTimes.Add(peerTime);
        }

        return OfMedians(oursTimes, peerTimes, "ms");
    }

    /// <summary>Returns the comparison of the medians.</summary>
    public static Comparison OfMedians(IReadOnlyList<double> ours, IReadOnlyList<double> peer, string unit) =>
        new(Median(ours), Median(peer), unit) { Ratios = [.. ours.Zip(peer, (one, other) => one / other)] };

    private static (double, double) Swap(double first, double second) => (second, first);

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
