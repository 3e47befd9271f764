namespace MnistLab.Serving.Metrics;

/// <summary>How long calls took, counted in buckets. Safe for any number of threads at once.</summary>
internal sealed class LatencyHistogram
{
    /// <summary>The buckets' upper bounds in seconds; a last bucket has none.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 40];

    private readonly long[] _counts = new long[Bounds.Count + 1];
    private long _ticks;

    /// <summary>How many were counted in each bucket, the last one included.</summary>
    public IReadOnlyList<long> Counts => [.. Enumerable.Range(0, _counts.Length).Select(i => Volatile.Read(ref _counts[i]))];

    /// <summary>All times together, in seconds.</summary>
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
    /// The time, in seconds, that a share of several histograms' calls did not exceed, as nearly as the buckets tell;
    /// null where there were none.
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
