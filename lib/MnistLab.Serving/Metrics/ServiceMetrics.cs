namespace MnistLab.Serving.Metrics;

/// <summary>What the service counts of its calls. Safe for any number of threads at once.</summary>
internal sealed class ServiceMetrics(TimeProvider time)
{
    private static readonly int Protocols = Enum.GetValues<ServiceProtocol>().Length;
    private static readonly int Outcomes = Enum.GetValues<CallOutcome>().Length;

    private readonly long[] _calls = new long[Protocols * Outcomes];
    private readonly LatencyHistogram[] _latencies = [.. Enumerable.Range(0, Protocols).Select(_ => new LatencyHistogram())];
    private long _pictures;

    /// <summary>When the counting began.</summary>
    public DateTimeOffset Started { get; } = time.GetUtcNow();

    /// <summary>The last minutes.</summary>
    public CallsPerMinute PerMinute { get; } = new(time);

    /// <summary>Pictures predicted: a request of the tensor protocols may hold many.</summary>
    public long Pictures => Volatile.Read(ref _pictures);

    /// <summary>How many calls ended in this way.</summary>
    public long Calls(ServiceProtocol protocol, CallOutcome outcome) => Volatile.Read(ref _calls[Index(protocol, outcome)]);

    /// <summary>How many calls ended in this way, in all protocols.</summary>
    public long Calls(CallOutcome outcome) => Enum.GetValues<ServiceProtocol>().Sum(protocol => Calls(protocol, outcome));

    /// <summary>How long the calls of a protocol took, all outcomes together.</summary>
    public LatencyHistogram Latency(ServiceProtocol protocol) => _latencies[(int)protocol];

    /// <summary>The time in seconds that a share of all calls did not exceed; null where there were none.</summary>
    public double? Quantile(double share) => LatencyHistogram.Quantile(_latencies, share);

    public void Add(ServiceProtocol protocol, CallOutcome outcome, TimeSpan time)
    {
        Interlocked.Increment(ref _calls[Index(protocol, outcome)]);
        _latencies[(int)protocol].Add(time);
        PerMinute.Add(outcome == CallOutcome.Success);
    }

    public void AddPictures(int count) => Interlocked.Add(ref _pictures, count);

    private static int Index(ServiceProtocol protocol, CallOutcome outcome) => ((int)protocol * Outcomes) + (int)outcome;
}
