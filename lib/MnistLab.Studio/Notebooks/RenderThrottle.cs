namespace MnistLab.Studio.Notebooks;

/// <summary>
/// Renders a component soon after it has changed: at once for a few changes, so that a short cell shows its result without
/// delay, and at most once in an interval while they go on.
/// </summary>
/// <param name="render">Renders it; runs on the component's own dispatcher.</param>
internal sealed class RenderThrottle(Func<Task> render)
{
    private const double Burst = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(60);

    private readonly Lock _lock = new();
    private double _credit = Burst;
    private long _last = TimeProvider.System.GetTimestamp();
    private bool _isPending;

    /// <summary>Asks for a rendering. May be called on any thread.</summary>
    public void Request()
    {
        TimeSpan wait;
        lock (_lock)
        {
            if (_isPending) return;
            _isPending = true;
            _credit = Math.Min(Burst, _credit + (TimeProvider.System.GetElapsedTime(_last) / Interval)) - 1;
            _last = TimeProvider.System.GetTimestamp();
            wait = Interval * Math.Max(0, -_credit);
        }

        _ = RenderAsync(wait);
    }

    private async Task RenderAsync(TimeSpan wait)
    {
        if (wait > TimeSpan.Zero) await Task.Delay(wait);
        lock (_lock) _isPending = false;
        try
        {
            await render();
        }
        catch (ObjectDisposedException)
        {
            // The page has been closed just now.
        }
    }
}
