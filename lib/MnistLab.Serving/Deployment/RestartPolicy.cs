namespace MnistLab.Serving.Deployment;

/// <summary>
/// Determines when a crashed service is restarted: immediately after the first crash, and then with exponential
/// back-off: after 0.25 s, 0.5 s, 1 s, …, and at most 30 s. After a minute without a crash, the count is reset. Times
/// are measured on the monotonic clock, so changes of the system clock have no effect.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="crashes">The initial number of consecutive crashes.</param>
internal sealed class RestartPolicy(TimeProvider time, int crashes = 0)
{
    /// <summary>The number of consecutive crashes at which a service becomes <i>concerning</i>.</summary>
    public const int Concerning = 3;

    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);
    private long _calmFrom = time.GetTimestamp();

    /// <summary>Gets the number of crashes since the count was last reset.</summary>
    public int Crashes { get; private set; } = crashes;

    /// <summary>Gets whether there has been no crash for a minute.</summary>
    public bool IsCalm => time.GetElapsedTime(_calmFrom) >= Calm;

    /// <summary>Starts the minute without a crash; call this when the service has become ready.</summary>
    public void Started() => _calmFrom = time.GetTimestamp();

    /// <summary>Resets the count if there has been no crash for a minute.</summary>
    /// <returns>Whether the count was reset.</returns>
    public bool ForgetIfCalm()
    {
        if (Crashes == 0 || !IsCalm) return false;
        Crashes = 0;
        return true;
    }

    /// <summary>Counts a crash.</summary>
    /// <returns>The delay before the next start.</returns>
    public TimeSpan Crashed()
    {
        Crashes++;
        _calmFrom = time.GetTimestamp();
        return Crashes == 1 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(MaxDelay.Ticks, FirstDelay.Ticks << Math.Min(Crashes - 2, 20)));
    }
}
