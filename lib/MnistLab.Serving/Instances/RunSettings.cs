using System.Text.Json.Serialization;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Instances;

/// <summary>What a service is started with, now and again after a crash.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Models">The model versions it answers with, at least one; their weights sum to 100.</param>
/// <param name="Port">The port; 0 for any that is free.</param>
/// <param name="ControlKey">The secret that a request to stop or to change has to carry.</param>
/// <param name="PredictionLimit">How long one prediction may take.</param>
/// <param name="StopAt">When the service stops by itself; null for never.</param>
/// <param name="Access">Where it can be reached from, and by whom; null for this machine alone.</param>
/// <param name="TakesOver">Whether it loads its models first and listens only when this has become false: its
/// predecessor still has the port.</param>
/// <param name="GrpcPort">The port for gRPC; 0 for any that is free; null for none.</param>
/// <param name="Drain">How long the service still accepts requests after it has reported that it is not ready, before
/// it stops; nothing where no load balancer has to notice.</param>
/// <param name="LogFormat">How the lines of the log are written.</param>
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
