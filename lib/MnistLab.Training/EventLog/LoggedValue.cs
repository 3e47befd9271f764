namespace MnistLab.Training.EventLog;

/// <summary>
/// Represents a value in an event log: a number, an image, a text, a histogram, or the hyper-parameters of a run.
/// </summary>
/// <param name="Tag">The name of the value, such as <c>validation/accuracy</c>.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">The time at which it was written.</param>
public abstract record LoggedValue(string Tag, long Step, DateTimeOffset Time);
