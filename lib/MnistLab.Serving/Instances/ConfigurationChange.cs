using System.Text.Json.Serialization;

namespace MnistLab.Serving.Instances;

/// <summary>One entry of a service's configuration history: what it has been from then on.</summary>
/// <param name="Time">Since when.</param>
/// <param name="Models">The versions and their weights.</param>
/// <param name="Port">The port it listens on.</param>
/// <param name="StopAt">When it stops by itself; null for never.</param>
/// <param name="PredictionLimit">How long one prediction may take.</param>
/// <param name="GrpcPort">The port it listens on for gRPC; null for none.</param>
public sealed record ConfigurationChange(
    [property: JsonRequired] DateTimeOffset Time,
    [property: JsonRequired] IReadOnlyList<DeployedModel> Models,
    [property: JsonRequired] int Port,
    DateTimeOffset? StopAt,
    [property: JsonRequired] TimeSpan PredictionLimit,
    int? GrpcPort = null);
