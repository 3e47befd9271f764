using System.Text.Json.Serialization;
using MnistLab.Hosting;

namespace MnistLab.Serving.Instances;

/// <summary>What a run's supervisor tells of the service's process.</summary>
/// <param name="ProcessId">The supervisor's own process.</param>
/// <param name="Phase">Where the service's process stands.</param>
/// <param name="Restarts">How often it was started again in this run.</param>
/// <param name="Crashes">How often it has crashed since it was last well for a minute.</param>
/// <param name="Reason">Why it ended; null while it has not.</param>
/// <param name="ProcessStart">The start of that process, as in <see cref="ProcessIdentity.Start"/>.</param>
internal sealed record SupervisorState(
    [property: JsonRequired] int ProcessId,
    [property: JsonRequired] SupervisorPhase Phase,
    int Restarts = 0,
    int Crashes = 0,
    string? Reason = null,
    long? ProcessStart = null)
{
    /// <summary>Gets the supervisor's process; null if an older build has written this.</summary>
    [JsonIgnore]
    public ProcessIdentity? Process => ProcessStart is { } start ? new ProcessIdentity(ProcessId, start) : null;
}
