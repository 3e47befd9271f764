using System.Diagnostics;

namespace MnistLab.Benchmarks;

/// <summary>Ours and a peer's, of one run.</summary>
/// <param name="Ours">What ours took.</param>
/// <param name="Peer">What the peer took.</param>
/// <param name="Unit">The unit of both.</param>
internal sealed record Comparison(double Ours, double Peer, string Unit)
{
    public double Ratio => Ours / Peer;

    /// <summary>Runs both in turn, so that what else the machine does hits both alike, and compares the medians of the times.</summary>
    public static async Task<Comparison> OfTimesAsync(Func<Task> ours, Func<Task> peer, int rounds)
    {
        var (oursTimes, peerTimes) = (new List<double>(), new List<double>());
        for (var i = -1; i < rounds; i++)
        {
            var (oursTime, peerTime) = i % 2 == 0
                ? (await TimeAsync(ours), await TimeAsync(peer))
                : Swap(await TimeAsync(peer), await TimeAsync(ours));
            // The first round warms up.
            if (i < 0) continue;
            oursTimes.Add(oursTime);
            peerTimes.Add(peerTime);
        }

        return OfMedians(oursTimes, peerTimes, "ms");
    }

    /// <summary>Returns the comparison of the medians.</summary>
    public static Comparison OfMedians(List<double> ours, List<double> peer, string unit) =>
        new(Median(ours), Median(peer), unit);

    private static (double, double) Swap(double first, double second) => (second, first);

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
