using System.Diagnostics;
using MnistLab.Serving;

namespace MnistLab.Notebooks;

/// <summary>How a service does with so many senders at once.</summary>
/// <param name="Senders">How many sent at once.</param>
/// <param name="RequestsPerSecond">How many answers came per second, from all of them together.</param>
/// <param name="Median">Half of the answers took at most this long, in milliseconds.</param>
/// <param name="Slowest">99 of 100 answers took at most this long, in milliseconds.</param>
public sealed record LoadMeasurement(int Senders, double RequestsPerSecond, double Median, double Slowest)
{
    /// <summary>Sends pictures as fast as they are answered.</summary>
    /// <param name="client">Whom to ask.</param>
    /// <param name="pictures">The pictures' files, at least one; they are sent in turn.</param>
    /// <param name="senders">How many send at once, at least 1.</param>
    /// <param name="requests">How many requests to send in all, at least 1.</param>
    /// <exception cref="PredictionException">A request failed.</exception>
    public static async Task<LoadMeasurement> MakeAsync(PredictionClient client, IReadOnlyList<byte[]> pictures, int senders, int requests)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures.Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(senders, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(requests, 1);
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
        var seconds = clock.Elapsed.TotalSeconds;
        Array.Sort(latencies);
        return new LoadMeasurement(senders, requests / seconds, latencies[requests / 2], latencies[(int)Math.Min(requests - 1, requests * 0.99)]);
    }
}
