namespace MnistLab.Benchmarks;

/// <summary>Represents a response of a server to a request sent at a given rate.</summary>
/// <param name="Due">The time at which the request was due, since the start.</param>
/// <param name="Milliseconds">The latency from that time.</param>
internal readonly record struct PacedAnswer(TimeSpan Due, double Milliseconds);
