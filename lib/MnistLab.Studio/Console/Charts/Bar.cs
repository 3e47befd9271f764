namespace MnistLab.Studio.Console.Charts;

/// <summary>Represents a bar of a <see cref="BarChart"/>.</summary>
/// <param name="Label">The label on the x-axis.</param>
/// <param name="Values">The heights of its segments, from the bottom, at least 0.</param>
public sealed record Bar(string Label, IReadOnlyList<double> Values);
