namespace MnistLab.Benchmarks.Reporting;

/// <summary>What one run of a part of the benchmarks found.</summary>
/// <param name="Name">The part's name, as on the command line.</param>
/// <param name="Started">When it began.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Machine">Where it ran.</param>
internal sealed record Part(string Name, DateTimeOffset Started, double Seconds, Machine Machine)
{
    /// <summary>Gets the figures, in the order in which they were measured.</summary>
    public List<Row> Rows { get; init; } = [];

    /// <summary>Gets the curves of how time grows with size.</summary>
    public List<Growth> Growths { get; init; } = [];

    /// <summary>Gets lines that say more, among them what was skipped and why.</summary>
    public List<string> Notes { get; init; } = [];
}

/// <summary>How time grows with size.</summary>
/// <param name="What">What grows.</param>
/// <param name="Unit">What the sizes count.</param>
/// <param name="Points">The measured points.</param>
/// <param name="Slope">The slope of the fitted line on log-log axes: 1 where time is proportional to size.</param>
internal sealed record Growth(string What, string Unit, IReadOnlyList<GrowthPoint> Points, double Slope);

/// <summary>A point of a <see cref="Growth"/>.</summary>
/// <param name="Size">The size.</param>
/// <param name="Milliseconds">The median time at this size, in ms.</param>
internal sealed record GrowthPoint(double Size, double Milliseconds);
