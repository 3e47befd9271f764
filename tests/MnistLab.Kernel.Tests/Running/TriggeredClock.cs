namespace MnistLab.Kernel.Tests;

/// <summary>Represents the system clock, except that its timers fire when the test triggers them.</summary>
internal sealed class TriggeredClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (_lock) _timers.Add(timer);
        return timer;
    }

    /// <summary>Fires the running timers.</summary>
    public void Trigger()
    {
        Timer[] timers;
        lock (_lock) timers = [.. _timers];
        foreach (var timer in timers) timer.GoOff();
    }

    private sealed class Timer(TriggeredClock clock, Action goOff) : ITimer
    {
        public void GoOff() => goOff();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (clock._lock) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
