namespace MnistLab.Training.EventLog;

/// <summary>Something that an event log holds: a number, a picture, a text, a distribution, or a run's hyper-parameters.</summary>
/// <param name="Tag">Its name, such as <c>validation/accuracy</c>.</param>
/// <param name="Step">The step.</param>
/// <param name="Time">When it was written.</param>
public abstract record LoggedValue(string Tag, long Step, DateTimeOffset Time);
