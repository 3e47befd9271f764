namespace MnistLab.Kernel;

/// <summary>Whom a running cell can ask for a line of text.</summary>
public interface IInputSource
{
    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="prompt">What is asked; may be empty.</param>
    /// <param name="isPassword">Whether the answer must not be seen on the screen.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The answer, without an end of line.</returns>
    Task<string> ReadLineAsync(string prompt, bool isPassword, CancellationToken cancellationToken);
}
