using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>Represents <c>service.json</c>, the persistent record of a service.</summary>
/// <param name="Status">The status after the last deployment or stop; the instance's processes report later
/// changes.</param>
/// <param name="Models">The model versions that the service serves.</param>
/// <param name="Instance">The name of the instance's folder.</param>
/// <param name="Platform">The build of the program, so that another build replaces it.</param>
/// <param name="Started">The time of the deployment.</param>
/// <param name="Port">The port that the service listens on; kept for the next deployment.</param>
/// <param name="GrpcPort">The port that the service listens on for gRPC; null for none.</param>
/// <param name="Address">The IP address that the service listens on; null for the loopback interface.</param>
/// <param name="Reason">The reason for the status, such as why the service failed or stopped; null if there is
/// none.</param>
/// <param name="Percent">The progress of the deployment in percent, 0 to 100.</param>
/// <param name="Step">The current step of the deployment.</param>
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
