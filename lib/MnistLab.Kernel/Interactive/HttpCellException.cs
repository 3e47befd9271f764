namespace MnistLab.Kernel;

/// <summary>An HTTP cell is not valid.</summary>
/// <param name="message">The line, what is not valid, and what to do.</param>
internal sealed class HttpCellException(string message) : Exception(message);
