namespace MnistLab.Training.EventLog;

/// <summary>Represents a point of a curve.</summary>
/// <param name="Tag">The name of the curve.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">The time at which it was written.</param>
/// <param name="Value">The number.</param>
public sealed record ScalarPoint(string Tag, long Step, DateTimeOffset Time, double Value) : LoggedValue(Tag, Step, Time);
