using System.Text.Json.Serialization;
using MnistLab.Hosting;

namespace MnistLab.Serving.Instances;

/// <summary>Represents the state that a service's process reports.</summary>
/// <param name="ProcessId">The ID of the process.</param>
/// <param name="ProcessStarted">The time at which the process was started.</param>
/// <param name="Url">The URL that the service listens on; null until it does.</param>
/// <param name="GrpcUrl">The URL that the service listens on for gRPC; null until it does, or if it does not use
/// gRPC.</param>
/// <param name="Ready">The time at which the service became ready; null until then.</param>
/// <param name="Stopped">The reason why the service stopped; null if it is running or has crashed.</param>
/// <param name="Loaded">The time at which the service had loaded its models and started to wait for its predecessor to
/// end; null if there is no predecessor.</param>
/// <param name="ProcessStart">The start of the process, as in <see cref="ProcessIdentity.Start"/>; null if an older
/// build wrote the state.</param>
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
    /// <summary>Gets the identity of the process; null if an older build wrote the state.</summary>
    [JsonIgnore]
    public ProcessIdentity? Process => ProcessStart is { } start ? new ProcessIdentity(ProcessId, start) : null;
}
