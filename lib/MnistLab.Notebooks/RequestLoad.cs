using System.Collections.Concurrent;
using System.Diagnostics;
using MnistLab.Client;
using MnistLab.Hosting;

namespace MnistLab.Notebooks;

/// <summary>Sends pictures to a service, one after the other from several senders at once, until it is stopped: what a service sees of its users.</summary>
public sealed class RequestLoad
{
    private readonly ConcurrentQueue<SentRequest> _requests = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Task[] _senders;

    private RequestLoad(PredictionClient client, IReadOnlyList<byte[]> pictures, int senders, TimeSpan pause) =>
        _senders = [.. Enumerable.Range(0, senders).Select(sender => Task.Run(() => SendAsync(client, pictures, sender, senders, pause)))];

    /// <summary>How long the load has lasted.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Begins to send.</summary>
    /// <param name="client">Whom to ask.</param>
    /// <param name="pictures">The pictures' files, at least one; they are sent in turn.</param>
    /// <param name="senders">How many send at once, at least 1.</param>
    /// <param name="pause">How long a sender waits between an answer and its next request; 10 ms if null.</param>
    public static RequestLoad Start(PredictionClient client, IReadOnlyList<byte[]> pictures, int senders = 4, TimeSpan? pause = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures.Count, 1);
        NumberRange.RequireAtLeast(senders, 1);
        return new RequestLoad(client, pictures, senders, pause ?? TimeSpan.FromMilliseconds(10));
    }

    /// <summary>Sends no further requests, and waits for the answers that are under way.</summary>
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
