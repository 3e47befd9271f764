namespace MnistLab.Training.EventLog;

/// <summary>Represents a histogram of numbers.</summary>
/// <param name="Tag">The name of the chart.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">The time at which it was written.</param>
/// <param name="Min">The lower limit of the first bucket, which is the minimum of the numbers.</param>
/// <param name="Limits">The upper limits of the buckets, in increasing order.</param>
/// <param name="Counts">The number of values in each bucket.</param>
public sealed record LoggedHistogram(
    string Tag,
    long Step,
    DateTimeOffset Time,
    double Min,
    IReadOnlyList<double> Limits,
    IReadOnlyList<double> Counts) : LoggedValue(Tag, Step, Time);
