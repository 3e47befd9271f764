using System.Text.Json.Serialization;
using MnistLab.Hosting;

namespace MnistLab.Serving.Instances;

/// <summary>Represents the state that an instance's supervisor reports.</summary>
/// <param name="ProcessId">The ID of the supervisor's process.</param>
/// <param name="Phase">The phase of the service's process.</param>
/// <param name="Restarts">The number of restarts of the service in this instance.</param>
/// <param name="Crashes">The number of crashes since the service last ran for a minute without one.</param>
/// <param name="Reason">The reason why the service ended; null while it has not.</param>
/// <param name="ProcessStart">The start of the supervisor's process, as in <see cref="ProcessIdentity.Start"/>; null if
/// an older build wrote the state.</param>
internal sealed record SupervisorState(
    [property: JsonRequired] int ProcessId,
    [property: JsonRequired] SupervisorPhase Phase,
    int Restarts = 0,
    int Crashes = 0,
    string? Reason = null,
    long? ProcessStart = null)
{
    /// <summary>Gets the identity of the supervisor's process; null if an older build wrote the state.</summary>
    [JsonIgnore]
    public ProcessIdentity? Process => ProcessStart is { } start ? new ProcessIdentity(ProcessId, start) : null;
}
