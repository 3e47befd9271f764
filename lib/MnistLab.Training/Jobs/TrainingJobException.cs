namespace MnistLab.Training.Jobs;

/// <summary>
/// A training job could not be submitted, or failed; the message names the field or quotes the end of the log.
/// </summary>
public sealed class TrainingJobException(string message, Exception? innerException = null) : Exception(message, innerException);
