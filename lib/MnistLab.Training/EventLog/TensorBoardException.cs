namespace MnistLab.Training.EventLog;

/// <summary>The program <c>tensorboard</c> is there, and did not start; the message says what it said.</summary>
public sealed class TensorBoardException(string message) : Exception(message);
