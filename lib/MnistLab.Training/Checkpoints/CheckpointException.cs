namespace MnistLab.Training.Checkpoints;

/// <summary>
/// The exception that is thrown when a checkpoint cannot be used; the message names the file, the problem, and the
/// remedy.
/// </summary>
public sealed class CheckpointException(string message, Exception? innerException = null) : Exception(message, innerException);
