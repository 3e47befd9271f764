namespace MnistLab.Training.EventLog;

/// <summary>The hyper-parameters that a run began with.</summary>
/// <param name="Time">When it began.</param>
/// <param name="Values">The values, by name, as texts.</param>
public sealed record LoggedHyperParameters(DateTimeOffset Time, IReadOnlyDictionary<string, string> Values) : LoggedValue(EventLogWriter.SessionStartTag, 0, Time);
