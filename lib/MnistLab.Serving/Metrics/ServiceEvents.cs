namespace MnistLab.Serving.Metrics;

/// <summary>Keeps the most recent events of the service for its page. Thread-safe.</summary>
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

    /// <summary>Returns the events, newest first.</summary>
    public IReadOnlyList<(DateTimeOffset Time, string Message)> Read()
    {
        lock (_lock) return [.. _events.Reverse()];
    }
}
