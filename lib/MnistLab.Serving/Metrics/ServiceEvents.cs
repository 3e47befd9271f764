namespace MnistLab.Serving.Metrics;

/// <summary>
/// The last things that happened in the service, for its page. Safe for any number of threads at once.
/// </summary>
internal sealed class ServiceEvents(TimeProvider time)
{
    private const int MaxEvents = 50;

    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset Time, string Message)> _events = new();

    public void Add(string message)
    {
        lock (_lock)
        {
            if (_events.Count == MaxEvents) _events.Dequeue();
            _events.Enqueue((time.GetUtcNow(), message));
        }
    }

    /// <summary>The events, the latest first.</summary>
    public IReadOnlyList<(DateTimeOffset Time, string Message)> Read()
    {
        lock (_lock) return [.. _events.Reverse()];
    }
}
