namespace MnistLab.Notebooks;

/// <summary>A check of a notebook failed; the message says what went wrong and what to do next.</summary>
public sealed class CheckFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
