namespace MnistLab.Serving.Metrics;

/// <summary>Counts request latencies in buckets. Thread-safe.</summary>
internal sealed class LatencyHistogram
{
    /// <summary>
    /// Gets the inclusive upper bounds of the buckets in seconds; one more bucket, without a bound, follows.
    /// </summary>
    public static IReadOnlyList<double> Bounds { get; } = [0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        40];

    private readonly long[] _counts = new long[Bounds.Count + 1];
    private long _ticks;

    /// <summary>Gets the count of each bucket, including the last one.</summary>
    public IReadOnlyList<long> Counts => [.. Enumerable.Range(0, _counts.Length).Select(i => Volatile.Read(ref _counts[i]))];

    /// <summary>Gets the sum of all latencies in seconds.</summary>
    public double Sum => TimeSpan.FromTicks(Volatile.Read(ref _ticks)).TotalSeconds;

    public void Add(TimeSpan time)
    {
        var seconds = time.TotalSeconds;
        var bucket = 0;
        while (bucket < Bounds.Count && seconds > Bounds[bucket]) bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _ticks, time.Ticks);
    }

    /// <summary>
    /// Returns a quantile of several histograms' latencies in seconds, interpolated within its bucket and at most the
    /// last bound; null if there are no requests.
    /// </summary>
    public static double? Quantile(IEnumerable<LatencyHistogram> histograms, double share)
    {
        var counts = histograms.Select(histogram => histogram.Counts).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]);
        var rank = share * counts.Sum();
        if (rank == 0) return null;
        double below = 0;
        for (var i = 0; i < Bounds.Count; i++)
        {
            var lower = i == 0 ? 0 : Bounds[i - 1];
            if (below + counts[i] >= rank) return lower + ((Bounds[i] - lower) * (rank - below) / counts[i]);
            below += counts[i];
        }

        return Bounds[^1];
    }
}
