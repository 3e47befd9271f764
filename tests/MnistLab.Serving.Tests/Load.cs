using System.Collections.Concurrent;
using MnistLab.Client;

namespace MnistLab.Serving.Tests;

/// <summary>
/// Sends requests from several clients of the library, one after the other from each, until it is stopped; counts the
/// responses by label and records the errors.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly PredictionClient _client;
    private readonly Task[] _askers;
    private int _answers;

    public Load(Uri service, int askers = 4, PredictionClientOptions? options = null)
    {
        _client = new PredictionClient(service, options);
        var png = ServiceLab.Png(0);
        _askers = [.. Enumerable.Range(0, askers).Select(_ => Task.Run(() => AskAsync(png)))];
    }

    public ConcurrentDictionary<string, int> Labels { get; } = [];

    public ConcurrentQueue<Exception> Errors { get; } = [];

    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Waits for a number of further responses.</summary>
    public Task AnsweredAsync(int more)
    {
        var goal = Answers + more;
        return ServiceLab.UntilAsync(() => Task.FromResult(Answers >= goal || !Errors.IsEmpty), $"{more} more answers");
    }

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_askers);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _client.Dispose();
        _end.Dispose();
    }

    private async Task AskAsync(byte[] png)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var prediction = await _client.PredictAsync(png);
                Labels.AddOrUpdate(prediction.PredictedLabel, 1, (_, count) => count + 1);
                Interlocked.Increment(ref _answers);
            }
            catch (PredictionException exception)
            {
                Errors.Enqueue(exception);
            }
        }
    }
}
