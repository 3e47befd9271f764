using System.Collections.Concurrent;

namespace MnistLab.Serving;

/// <summary>Predictions that have passed their time limit and still go on: code that cannot be ended from outside.</summary>
internal sealed class OverduePredictions(TimeProvider time)
{
    private readonly ConcurrentDictionary<Task, DateTimeOffset> _since = [];

    /// <summary>How many there are.</summary>
    public int Count => _since.Values.Count(since => since <= time.GetUtcNow());

    /// <summary>For how long the oldest has been overdue; nothing if there is none.</summary>
    public TimeSpan Oldest => _since.Values.Select(since => time.GetUtcNow() - since).Append(TimeSpan.Zero).Max();

    /// <summary>Takes note of one that nobody waits for any more, until it ends.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="timeLeft">How much of its time it has left.</param>
    public void Add(Task prediction, TimeSpan timeLeft)
    {
        _since[prediction] = time.GetUtcNow() + timeLeft;
        _ = prediction.ContinueWith(
            ended =>
            {
                // Looked at, so that it is no unobserved exception.
                _ = ended.Exception;
                _since.TryRemove(ended, out _);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
