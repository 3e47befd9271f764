namespace MnistLab.Serving;

/// <summary>
/// When a service that crashed is started again: at once the first time, then after 0.25 s, 0.5 s, 1 s, … and at most 30 s.
/// A minute without a crash, and it begins anew.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="crashes">Crashes in a row that are known already.</param>
internal sealed class RestartPolicy(TimeProvider time, int crashes = 0)
{
    /// <summary>From how many crashes in a row a service is <i>concerning</i>.</summary>
    public const int Concerning = 3;

    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private DateTimeOffset _calmFrom = time.GetUtcNow();

    /// <summary>Crashes since it was last calm.</summary>
    public int Crashes { get; private set; } = crashes;

    /// <summary>Whether it has been calm for so long that what was before does not count any more.</summary>
    public bool IsCalm => time.GetUtcNow() - _calmFrom >= Calm;

    /// <summary>Begins to count how long it is calm: it has just become ready.</summary>
    public void Started() => _calmFrom = time.GetUtcNow();

    /// <summary>Forgets the crashes, if it has been calm for long enough.</summary>
    /// <returns>Whether there were any.</returns>
    public bool ForgetIfCalm()
    {
        if (Crashes == 0 || !IsCalm) return false;
        Crashes = 0;
        return true;
    }

    /// <summary>Counts a crash.</summary>
    /// <returns>How long to wait before the next start.</returns>
    public TimeSpan Crashed()
    {
        Crashes++;
        _calmFrom = time.GetUtcNow();
        return Crashes == 1 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(LongestDelay.Ticks, FirstDelay.Ticks << Math.Min(Crashes - 2, 20)));
    }
}
