using System.Collections.Concurrent;
using System.Diagnostics;
using MnistLab.Client;
using MnistLab.Hosting;

namespace MnistLab.Notebooks;

/// <summary>
/// Generates load: several concurrent senders, each of which sends one image after another to a service until the load
/// is stopped.
/// </summary>
public sealed class RequestLoad
{
    private readonly ConcurrentQueue<SentRequest> _requests = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Task[] _senders;

    private RequestLoad(PredictionClient client, IReadOnlyList<byte[]> pictures, int senders, TimeSpan pause) =>
        _senders = [.. Enumerable.Range(0, senders).Select(sender => Task.Run(() => SendAsync(client, pictures, sender, senders, pause)))];

    /// <summary>Gets the time since the start of the load.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Starts the senders.</summary>
    /// <param name="client">The client of the service.</param>
    /// <param name="pictures">The image files, at least one; they are sent in turn.</param>
    /// <param name="senders">The number of concurrent senders, at least 1.</param>
    /// <param name="pause">The pause of a sender between a response and its next request; null for 10 ms.</param>
    public static RequestLoad Start(PredictionClient client, IReadOnlyList<byte[]> pictures, int senders = 4, TimeSpan? pause = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures.Count, 1);
        NumberRange.RequireAtLeast(senders, 1);
        return new RequestLoad(client, pictures, senders, pause ?? TimeSpan.FromMilliseconds(10));
    }

    /// <summary>Stops the senders, and waits for the pending responses.</summary>
    /// <returns>All requests, in the order in which they were sent.</returns>
    public async Task<IReadOnlyList<SentRequest>> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_senders);
        return [.. _requests.OrderBy(request => request.Sent)];
    }

    private async Task SendAsync(PredictionClient client, IReadOnlyList<byte[]> pictures, int first, int step, TimeSpan pause)
    {
        for (var i = first; !_stop.IsCancellationRequested; i += step)
        {
            var sent = _clock.Elapsed;
            var (prediction, failure) = await AskAsync(client, pictures[i % pictures.Count]);
            _requests.Enqueue(new SentRequest(sent, _clock.Elapsed - sent, prediction, failure));
            await Task.Delay(pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<(PredictionResponse? Prediction, string? Failure)> AskAsync(PredictionClient client, byte[] picture)
    {
        try
        {
            return (await client.PredictAsync(picture), null);
        }
        catch (PredictionException error)
        {
            return (null, error.Message);
        }
    }
}
