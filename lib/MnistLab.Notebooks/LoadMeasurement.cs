using System.Diagnostics;
using MnistLab.Client;
using MnistLab.Hosting;

namespace MnistLab.Notebooks;

/// <summary>Represents a load measurement of a service with a number of concurrent senders.</summary>
/// <param name="Senders">The number of senders.</param>
/// <param name="RequestsPerSecond">The throughput of all senders together, in responses per second.</param>
/// <param name="Latencies">
/// The latency of each request in milliseconds, in the order in which the requests were sent.
/// </param>
public sealed record LoadMeasurement(int Senders, double RequestsPerSecond, IReadOnlyList<double> Latencies)
{
    /// <summary>Gets the median latency in milliseconds: half of the responses took at most this long.</summary>
    public double Median => Percentile(50);

    /// <summary>
    /// Gets the 99th percentile of the latencies in milliseconds: 99% of the responses took at most this long.
    /// </summary>
    public double P99 => Percentile(99);

    /// <summary>Returns a percentile of the latencies in milliseconds, by the nearest-rank method.</summary>
    /// <param name="percent">The percentile, above 0 and up to 100.</param>
    public double Percentile(double percent)
    {
        NumberRange.Validate(percent is > 0 and <= 100, percent, "above 0 and up to 100");
        var rank = (int)Math.Ceiling(percent / 100 * Latencies.Count);
        return Latencies.Order().ElementAt(rank - 1);
    }

    /// <summary>Measures a service: sends images as fast as it responds.</summary>
    /// <param name="client">The client of the service.</param>
    /// <param name="pictures">The image files, at least one; they are sent in turn.</param>
    /// <param name="senders">The number of senders, at least 1.</param>
    /// <param name="requests">The total number of requests of all senders, at least 1.</param>
    /// <exception cref="PredictionException">A request failed.</exception>
    public static async Task<LoadMeasurement> MakeAsync(PredictionClient client, IReadOnlyList<byte[]> pictures, int senders, int requests)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures.Count, 1);
        NumberRange.RequireAtLeast(senders, 1);
        NumberRange.RequireAtLeast(requests, 1);
        var latencies = new double[requests];
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
            {
                var sent = Stopwatch.GetTimestamp();
                await client.PredictAsync(pictures[i % pictures.Count]);
                latencies[i] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
            }
        })));
        return new LoadMeasurement(senders, requests / clock.Elapsed.TotalSeconds, latencies);
    }
}
