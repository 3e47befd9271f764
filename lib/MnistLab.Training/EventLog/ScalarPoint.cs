namespace MnistLab.Training.EventLog;

/// <summary>One number of a curve.</summary>
/// <param name="Tag">The curve.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Value">The number.</param>
public sealed record ScalarPoint(string Tag, long Step, DateTimeOffset Time, double Value) : LoggedValue(Tag, Step, Time);
