namespace MnistLab.Serving;

/// <summary>What a service's process tells of itself.</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="ProcessStarted">When that process was started; with the number this names one process, where the number alone may be used again.</param>
/// <param name="Url">Where it listens; null until it does.</param>
/// <param name="Ready">When it was ready to predict; null until it was.</param>
/// <param name="Stopped">Why it ended, if it ended as it should; null otherwise.</param>
internal sealed record RunState(int ProcessId, DateTimeOffset ProcessStarted, Uri? Url = null, DateTimeOffset? Ready = null, string? Stopped = null);
