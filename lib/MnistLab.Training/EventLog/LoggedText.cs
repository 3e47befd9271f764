namespace MnistLab.Training.EventLog;

/// <summary>A text.</summary>
/// <param name="Tag">Its name.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Markdown">The text, in Markdown.</param>
public sealed record LoggedText(string Tag, long Step, DateTimeOffset Time, string Markdown) : LoggedValue(Tag, Step, Time);
