namespace MnistLab.Kernel.Cells;

/// <summary>Represents a source of text input for a running cell.</summary>
public interface IInputSource
{
    /// <summary>Asks the user for a line of text.</summary>
    /// <param name="prompt">The prompt; may be empty.</param>
    /// <param name="isPassword">Whether to hide the input.</param>
    /// <param name="cancellationToken">A token that cancels the wait.</param>
    /// <returns>The line, without its line terminator.</returns>
    Task<string> ReadLineAsync(string prompt, bool isPassword, CancellationToken cancellationToken);
}
