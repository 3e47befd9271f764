namespace MnistLab.Benchmarks;

/// <summary>Represents how a server responded to requests at a given rate.</summary>
/// <param name="Rate">The requests per second.</param>
/// <param name="Busy">The processor utilization of the machine, from 0 to 1, by the server and the load.</param>
/// <param name="ProcessorTime">The processor time of the server's process per request in µs.</param>
/// <param name="Answers">The responses, unordered.</param>
internal sealed record PacedLoad(double Rate, double Busy, double ProcessorTime, IReadOnlyList<PacedAnswer> Answers)
{
    // Long enough that 1% of its requests is a meaningful number, and short enough that most intervals contain no pause
    // of the machine itself: a virtual machine may pause for milliseconds several times per second.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.1);

    /// <summary>The 99th and the 50th percentile of the latencies in ms, for each tenth of a second.</summary>
    public IEnumerable<(double P99, double P50)> Quantiles() => Answers.GroupBy(answer => answer.Due.Ticks / Slice.Ticks).Select(slice =>
    {
        double[] times = [.. slice.Select(answer => answer.Milliseconds).Order()];
        return (times[times.Length * 99 / 100], times[times.Length / 2]);
    });
}
