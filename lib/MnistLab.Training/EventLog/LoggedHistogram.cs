namespace MnistLab.Training.EventLog;

/// <summary>How numbers were distributed.</summary>
/// <param name="Tag">The chart.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Min">The smallest number: where the first bucket begins.</param>
/// <param name="Limits">Where each bucket ends, rising.</param>
/// <param name="Counts">How many numbers each bucket has.</param>
public sealed record LoggedHistogram(string Tag, long Step, DateTimeOffset Time, double Min, IReadOnlyList<double> Limits, IReadOnlyList<double> Counts) : LoggedValue(Tag, Step, Time);
