namespace MnistLab.Benchmarks;

/// <summary>An answer of a server that is asked at a rate.</summary>
/// <param name="Due">When its request was due, from the beginning.</param>
/// <param name="Milliseconds">What it took from then on.</param>
internal readonly record struct PacedAnswer(TimeSpan Due, double Milliseconds);
