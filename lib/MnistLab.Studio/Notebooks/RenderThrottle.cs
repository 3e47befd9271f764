namespace MnistLab.Studio.Notebooks;

/// <summary>
/// Limits how often a component is rendered: the first few changes and urgent ones, such as the end of a cell, are
/// rendered immediately; further changes are rendered at most once per interval.
/// </summary>
/// <param name="render">Renders the component; runs on its dispatcher.</param>
internal sealed class RenderThrottle(Func<Task> render)
{
    private const double Burst = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(60);

    private readonly Lock _lock = new();
    private double _credit = Burst;
    private long _last = TimeProvider.System.GetTimestamp();
    private bool _isPending;

    /// <summary>Requests a rendering. It may be called on any thread.</summary>
    public void Request() => Request(isUrgent: false);

    /// <summary>Requests a rendering. It may be called on any thread.</summary>
    /// <param name="isUrgent">Whether to render immediately, even if an earlier request is waiting.</param>
    public void Request(bool isUrgent)
    {
        TimeSpan wait;
        lock (_lock)
        {
            if (_isPending && !isUrgent) return;
            _isPending = true;
            _credit = Math.Max(-1, Math.Min(Burst, _credit + (TimeProvider.System.GetElapsedTime(_last) / Interval)) - 1);
            _last = TimeProvider.System.GetTimestamp();
            wait = isUrgent ? TimeSpan.Zero : Interval * Math.Max(0, -_credit);
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
            // The page has just been closed.
        }
    }
}
