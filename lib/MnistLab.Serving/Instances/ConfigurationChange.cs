using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>
/// Represents an entry of a service's configuration history: the configuration since a point in time.
/// </summary>
/// <param name="Time">The time of the change.</param>
/// <param name="Models">The model versions and their weights.</param>
/// <param name="Port">The port that the service listens on.</param>
/// <param name="StopAt">The time at which the service stops automatically; null for never.</param>
/// <param name="PredictionLimit">The time limit of one prediction.</param>
/// <param name="GrpcPort">The port that the service listens on for gRPC; null for none.</param>
public sealed record ConfigurationChange(
    [property: JsonRequired] DateTimeOffset Time,
    [property: JsonRequired] IReadOnlyList<DeployedModel> Models,
    [property: JsonRequired] int Port,
    DateTimeOffset? StopAt,
    [property: JsonRequired] TimeSpan PredictionLimit,
    int? GrpcPort = null);
