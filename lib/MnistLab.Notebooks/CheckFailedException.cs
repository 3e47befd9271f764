namespace MnistLab.Notebooks;

/// <summary>A check of a notebook failed; the message says what went wrong and how to go on.</summary>
public sealed class CheckFailedException(string message) : Exception(message);
