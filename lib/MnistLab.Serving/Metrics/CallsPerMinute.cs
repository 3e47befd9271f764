namespace MnistLab.Serving.Metrics;

/// <summary>Counts successful and failed requests for each of the last minutes. Thread-safe.</summary>
internal sealed class CallsPerMinute(TimeProvider time)
{
    /// <summary>The number of minutes that are kept.</summary>
    public const int Minutes = 30;

    private readonly Lock _lock = new();
    private readonly (long Minute, long Succeeded, long Failed)[] _ring = new (long, long, long)[Minutes];

    public void Add(bool succeeded)
    {
        var minute = Now();
        lock (_lock)
        {
            ref var slot = ref _ring[minute % Minutes];
            if (slot.Minute != minute) slot = (minute, 0, 0);
            if (succeeded) slot.Succeeded++;
            else slot.Failed++;
        }
    }

    /// <summary>Returns the counts per minute, oldest first; the last one is for the current minute.</summary>
    public IReadOnlyList<(long Succeeded, long Failed)> Read()
    {
        var now = Now();
        lock (_lock)
        {
            return [.. Enumerable.Range(0, Minutes).Select(i => now - Minutes + 1 + i).Select(minute =>
                _ring[minute % Minutes] is var slot && slot.Minute == minute ? (slot.Succeeded, slot.Failed) : (0, 0))];
        }
    }

    private long Now() => time.GetUtcNow().Ticks / TimeSpan.TicksPerMinute;
}
