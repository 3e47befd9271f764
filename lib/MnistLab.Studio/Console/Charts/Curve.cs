namespace MnistLab.Studio.Console.Charts;

/// <summary>Represents a line of a <see cref="CurveChart"/>.</summary>
/// <param name="Name">The name of the curve.</param>
/// <param name="Points">The points, from left to right; points that are not finite are omitted.</param>
/// <param name="Color">The index of the color.</param>
/// <param name="HasDots">Whether each point is marked, which suits a small number of measurements.</param>
public sealed record Curve(string Name, IReadOnlyList<CurvePoint> Points, int Color, bool HasDots = false);

/// <summary>Represents a point of a <see cref="Curve"/>.</summary>
/// <param name="X">The x-coordinate, such as the step.</param>
/// <param name="Y">The value.</param>
public readonly record struct CurvePoint(double X, double Y);
