namespace MnistLab.Training.Checkpoints;

/// <summary>A checkpoint cannot be used; the message names its file, what is wrong with it and what to do.</summary>
public sealed class CheckpointException(string message, Exception? innerException = null) : Exception(message, innerException);
