namespace MnistLab.Studio.Console.Charts;

/// <summary>Represents a line of a <see cref="CurveChart"/>.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Points">Its points, from left to right; those that are not finite are left out.</param>
/// <param name="Color">The index of its color.</param>
/// <param name="HasDots">Whether each point is marked, as of few measurements.</param>
public sealed record Curve(string Name, IReadOnlyList<CurvePoint> Points, int Color, bool HasDots = false);

/// <summary>Represents a point of a <see cref="Curve"/>.</summary>
/// <param name="X">The abscissa, such as the step.</param>
/// <param name="Y">The value.</param>
public readonly record struct CurvePoint(double X, double Y);
