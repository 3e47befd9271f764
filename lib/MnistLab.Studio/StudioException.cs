namespace MnistLab.Studio;

/// <summary>
/// The exception that is thrown if Studio cannot perform an operation; the message says why, and what to do.
/// </summary>
public sealed class StudioException : Exception
{
    /// <summary>Initializes the exception.</summary>
    public StudioException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
