namespace MnistLab.Serving;

/// <summary>What a service tells of itself once it runs.</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="ProcessStarted">When that process was started; with the number this names one process, where the number alone may be used again.</param>
/// <param name="Url">Where it listens; null until it does.</param>
internal sealed record RunState(int ProcessId, DateTimeOffset ProcessStarted, Uri? Url);
