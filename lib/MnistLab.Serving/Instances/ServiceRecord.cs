using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary><c>service.json</c>: what is known of a service, whoever asks.</summary>
/// <param name="Status">Where it was left by the last one who deployed or stopped it; what has become of it since, its
/// run tells.</param>
/// <param name="Models">What it answers with.</param>
/// <param name="Instance">The name of the run's folder.</param>
/// <param name="Platform">Which build of the service it is, so that a new one replaces it.</param>
/// <param name="Started">When it was deployed.</param>
/// <param name="Port">The port it listens on; kept for the next deployment.</param>
/// <param name="GrpcPort">The port it listens on for gRPC; null for none.</param>
/// <param name="Address">The IP address it listens at; null for the loopback interface.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Percent">How far its deployment is, 0 to 100.</param>
/// <param name="Step">What its deployment is at.</param>
internal sealed record ServiceRecord(
    [property: JsonRequired] ServiceStatus Status,
    [property: JsonRequired] IReadOnlyList<DeployedModel> Models,
    [property: JsonRequired, JsonPropertyName("run")] string Instance,
    [property: JsonRequired] string Platform,
    [property: JsonRequired] DateTimeOffset Started,
    int? Port = null,
    int? GrpcPort = null,
    string? Address = null,
    string? Reason = null,
    int Percent = 0,
    string? Step = null);
