namespace MnistLab.Studio.Console.Charts;

/// <summary>Represents a bar of a <see cref="BarChart"/>.</summary>
/// <param name="Label">Where it stands on the abscissa.</param>
/// <param name="Values">The heights of its parts, from below, at least 0.</param>
public sealed record Bar(string Label, IReadOnlyList<double> Values);
