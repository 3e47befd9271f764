namespace MnistLab.Data.Images;

/// <summary>A picture cannot be read as a digit; the message says why, and what to send instead.</summary>
public sealed class DigitImageException : IOException
{
    /// <summary>Describes what is wrong.</summary>
    public DigitImageException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
