namespace MnistLab.Benchmarks;

/// <summary>How a server answered that was asked at a rate.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="Busy">The share of the time that the machine's processors were busy, 0 to 1: with the server, and with asking it.</param>
/// <param name="ProcessorTime">Of the server's process, for each request, in µs.</param>
/// <param name="Answers">The answers, in no order.</param>
internal sealed record PacedLoad(double Rate, double Busy, double ProcessorTime, IReadOnlyList<PacedAnswer> Answers)
{
    // Long enough for a hundredth of its requests to be some, short enough for most to be without a standstill of the
    // machine itself: on a virtual one there may be several a second, for milliseconds.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.1);

    /// <summary>What 99 % and 50 % of the requests took at most, in ms, of every tenth of a second.</summary>
    public IEnumerable<(double P99, double P50)> Quantiles() => Answers.GroupBy(answer => answer.Due.Ticks / Slice.Ticks).Select(slice =>
    {
        double[] times = [.. slice.Select(answer => answer.Milliseconds).Order()];
        return (times[times.Length * 99 / 100], times[times.Length / 2]);
    });
}
