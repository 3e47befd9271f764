using MnistLab.Client;

namespace MnistLab.Notebooks;

/// <summary>Represents a request that was sent to a service under load.</summary>
/// <param name="Sent">The time at which it was sent, since the start of the load.</param>
/// <param name="Latency">The time until the response arrived or the request failed.</param>
/// <param name="Prediction">The response; null if the request failed.</param>
/// <param name="Failure">The reason for the failure; null if the request succeeded.</param>
public sealed record SentRequest(TimeSpan Sent, TimeSpan Latency, PredictionResponse? Prediction, string? Failure);
