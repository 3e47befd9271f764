namespace MnistLab.Training.EventLog;

/// <summary>Represents a text.</summary>
/// <param name="Tag">The name of the text.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">The time at which it was written.</param>
/// <param name="Markdown">The text, in Markdown.</param>
public sealed record LoggedText(string Tag, long Step, DateTimeOffset Time, string Markdown) : LoggedValue(Tag, Step, Time);
