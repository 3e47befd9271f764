namespace MnistLab.Notebooks;

/// <summary>
/// The exception that is thrown if a check of a notebook fails; the message says what failed and what to do next.
/// </summary>
public sealed class CheckFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
