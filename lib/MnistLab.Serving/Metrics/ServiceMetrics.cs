using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MnistLab.Serving.Metrics;

/// <summary>Collects the metrics of the service's requests. Thread-safe.</summary>
internal sealed class ServiceMetrics
{
    private static readonly int Protocols = Enum.GetValues<ServiceProtocol>().Length;
    private static readonly int Outcomes = Enum.GetValues<CallOutcome>().Length;

    private readonly long[] _calls = new long[Protocols * Outcomes];
    private readonly LatencyHistogram[] _latencies = [.. Enumerable.Range(0, Protocols).Select(_ => new LatencyHistogram())];
    private readonly Histogram<double> _durations;
    private long _pictures;

    public ServiceMetrics(TimeProvider time, IMeterFactory meters)
    {
        (Started, PerMinute) = (time.GetUtcNow(), new CallsPerMinute(time));
        Meter = meters.Create("MnistLab.Serving");
        _durations = Meter.CreateHistogram(
            "mnistlab.request.duration",
            "s",
            "Time from a request's header to its response, by protocol.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = LatencyHistogram.Bounds });
    }

    /// <summary>Gets the meter that publishes the metrics.</summary>
    public Meter Meter { get; }

    /// <summary>Gets the time at which the metrics were created.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>Gets the request counts of the last minutes.</summary>
    public CallsPerMinute PerMinute { get; }

    /// <summary>Gets the number of predicted images; a request of the tensor protocols may contain many.</summary>
    public long Pictures => Volatile.Read(ref _pictures);

    /// <summary>Returns the number of requests of a protocol with an outcome.</summary>
    public long Calls(ServiceProtocol protocol, CallOutcome outcome) => Volatile.Read(ref _calls[Index(protocol, outcome)]);

    /// <summary>Returns the number of requests with an outcome, over all protocols.</summary>
    public long Calls(CallOutcome outcome) => Enum.GetValues<ServiceProtocol>().Sum(protocol => Calls(protocol, outcome));

    /// <summary>Gets the latency histogram of a protocol, over all outcomes.</summary>
    public LatencyHistogram Latency(ServiceProtocol protocol) => _latencies[(int)protocol];

    /// <summary>
    /// Returns a quantile of the latencies of all requests in seconds; null if there are no requests.
    /// </summary>
    public double? Quantile(double share) => LatencyHistogram.Quantile(_latencies, share);

    public void Add(ServiceProtocol protocol, CallOutcome outcome, TimeSpan time)
    {
        Interlocked.Increment(ref _calls[Index(protocol, outcome)]);
        _latencies[(int)protocol].Add(time);
        PerMinute.Add(outcome == CallOutcome.Success);
        if (_durations.Enabled) _durations.Record(time.TotalSeconds, new TagList { { "protocol", protocol.Label() } });
    }

    public void AddPictures(int count) => Interlocked.Add(ref _pictures, count);

    private static int Index(ServiceProtocol protocol, CallOutcome outcome) => ((int)protocol * Outcomes) + (int)outcome;
}
