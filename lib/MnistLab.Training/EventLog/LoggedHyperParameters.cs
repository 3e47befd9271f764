namespace MnistLab.Training.EventLog;

/// <summary>Represents the hyper-parameters of a run.</summary>
/// <param name="Time">The time at which the run started.</param>
/// <param name="Values">The values as strings, by name.</param>
public sealed record LoggedHyperParameters(
    DateTimeOffset Time,
    IReadOnlyDictionary<string, string> Values) : LoggedValue(EventLogWriter.SessionStartTag, 0, Time);
