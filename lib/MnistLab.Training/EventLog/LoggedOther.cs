namespace MnistLab.Training.EventLog;

/// <summary>Represents a value of an unsupported kind, such as audio or a graph.</summary>
/// <param name="Tag">The name of the value.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">The time at which it was written.</param>
/// <param name="Kind">
/// The name of the TensorBoard plugin that displays it, or the kind of the value if it does not name a plugin.
/// </param>
public sealed record LoggedOther(string Tag, long Step, DateTimeOffset Time, string Kind) : LoggedValue(Tag, Step, Time);
