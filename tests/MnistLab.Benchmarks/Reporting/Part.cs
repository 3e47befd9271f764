namespace MnistLab.Benchmarks.Reporting;

/// <summary>Represents the results of one run of a part of the benchmarks.</summary>
/// <param name="Name">The name of the part, as on the command line.</param>
/// <param name="Started">The start time.</param>
/// <param name="Seconds">The duration in seconds.</param>
/// <param name="Machine">The machine on which it ran.</param>
internal sealed record Part(string Name, DateTimeOffset Started, double Seconds, Machine Machine)
{
    /// <summary>Gets the figures, in the order in which they were measured.</summary>
    public List<Row> Rows { get; init; } = [];

    /// <summary>Gets the growth curves.</summary>
    public List<Growth> Growths { get; init; } = [];

    /// <summary>Gets additional lines, such as what was skipped and why.</summary>
    public List<string> Notes { get; init; } = [];
}

/// <summary>Represents the growth of a time with size.</summary>
/// <param name="What">The measured work.</param>
/// <param name="Unit">The unit of the sizes.</param>
/// <param name="Points">The measured points.</param>
/// <param name="Slope">The slope of the fitted line on log-log axes: 1 if the time is proportional to the size.</param>
internal sealed record Growth(string What, string Unit, IReadOnlyList<GrowthPoint> Points, double Slope);

/// <summary>Represents a point of a <see cref="Growth"/>.</summary>
/// <param name="Size">The size.</param>
/// <param name="Milliseconds">The median time at this size, in ms.</param>
internal sealed record GrowthPoint(double Size, double Milliseconds);
