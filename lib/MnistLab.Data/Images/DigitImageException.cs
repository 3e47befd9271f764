namespace MnistLab.Data.Images;

/// <summary>
/// The exception that is thrown if an image cannot be read as a digit; the message says why, and what to send instead.
/// </summary>
public sealed class DigitImageException : IOException
{
    /// <summary>Initializes the exception.</summary>
    public DigitImageException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
