using System.Text.Json.Serialization;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Instances;

/// <summary>Represents the settings that a service is started with, including restarts after a crash.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Models">The model versions to serve, at least one; their weights sum to 100.</param>
/// <param name="Port">The port; 0 for any free port.</param>
/// <param name="ControlKey">The secret that requests to stop the service or change its configuration must
/// carry.</param>
/// <param name="PredictionLimit">The time limit of one prediction.</param>
/// <param name="StopAt">The time at which the service stops automatically; null for never.</param>
/// <param name="Access">The address to listen on and the secrets that requests must carry; null if only this machine
/// can reach the service.</param>
/// <param name="TakesOver">Whether the predecessor of the process still uses the port. The process loads its
/// models, but starts to listen only when this becomes false.</param>
/// <param name="GrpcPort">The port for gRPC; 0 for any free port; null for none.</param>
/// <param name="Drain">The time for which a stopping service still accepts requests while it reports that it is not
/// ready; zero if no load balancer needs to notice.</param>
/// <param name="LogFormat">The format of the log.</param>
internal sealed record RunSettings(
    [property: JsonRequired] string Service,
    [property: JsonRequired] IReadOnlyList<ServedVersion> Models,
    [property: JsonRequired] int Port,
    [property: JsonRequired] string ControlKey,
    [property: JsonRequired] TimeSpan PredictionLimit,
    DateTimeOffset? StopAt = null,
    AccessSettings? Access = null,
    bool TakesOver = false,
    int? GrpcPort = null,
    TimeSpan Drain = default,
    LogFormat LogFormat = LogFormat.Text);
