using System.Text.Json.Serialization;
using MnistLab.Hosting;

namespace MnistLab.Serving.Instances;

/// <summary>What a service's process reports of itself.</summary>
/// <param name="ProcessId">Its process ID.</param>
/// <param name="ProcessStarted">When it was started.</param>
/// <param name="Url">Where it listens; null until it does.</param>
/// <param name="GrpcUrl">Where it listens for gRPC; null until it does, or if it does not.</param>
/// <param name="Ready">When it was ready to predict; null until it was.</param>
/// <param name="Stopped">Why it ended, if it ended in good order; null otherwise.</param>
/// <param name="Loaded">When it had loaded its models and waited for its predecessor to end; null if there was
/// none.</param>
/// <param name="ProcessStart">The start of the process, as in <see cref="ProcessIdentity.Start"/>.</param>
internal sealed record RunState(
    int ProcessId,
    DateTimeOffset ProcessStarted,
    Uri? Url = null,
    DateTimeOffset? Ready = null,
    string? Stopped = null,
    DateTimeOffset? Loaded = null,
    long? ProcessStart = null,
    Uri? GrpcUrl = null)
{
    /// <summary>Gets the process; null if an older build has written this.</summary>
    [JsonIgnore]
    public ProcessIdentity? Process => ProcessStart is { } start ? new ProcessIdentity(ProcessId, start) : null;
}
