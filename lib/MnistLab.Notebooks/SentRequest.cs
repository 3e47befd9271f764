using MnistLab.Client;

namespace MnistLab.Notebooks;

/// <summary>A request that was sent to a service under load.</summary>
/// <param name="Sent">When, from the start of the load.</param>
/// <param name="Latency">How long the answer took.</param>
/// <param name="Prediction">The answer; null if the request failed.</param>
/// <param name="Failure">Why it failed; null if it did not.</param>
public sealed record SentRequest(TimeSpan Sent, TimeSpan Latency, PredictionResponse? Prediction, string? Failure);
