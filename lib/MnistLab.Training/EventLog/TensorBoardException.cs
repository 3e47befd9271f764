namespace MnistLab.Training.EventLog;

/// <summary>
/// The exception that is thrown when the program <c>tensorboard</c> is installed but does not start; the message quotes
/// its output.
/// </summary>
public sealed class TensorBoardException(string message) : Exception(message);
