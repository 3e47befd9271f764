namespace MnistLab.Kernel.Interactive;

/// <summary>The exception that is thrown when an HTTP cell is not valid or a request fails.</summary>
/// <param name="message">The line or request, the problem, and the next step.</param>
internal sealed class HttpCellException(string message) : Exception(message);
