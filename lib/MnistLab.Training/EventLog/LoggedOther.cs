namespace MnistLab.Training.EventLog;

/// <summary>Represents a value of a kind that is not read here, such as audio or a graph.</summary>
/// <param name="Tag">Its name.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Kind">The TensorBoard plugin that shows it, or the kind of the value if it names none.</param>
public sealed record LoggedOther(string Tag, long Step, DateTimeOffset Time, string Kind) : LoggedValue(Tag, Step, Time);
