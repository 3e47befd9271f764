namespace MnistLab.Training.Workers;

/// <summary>
/// Training on several workers is not possible; the message says what is missing, or which worker differs, and what to
/// do.
/// </summary>
public sealed class MpiException : Exception
{
    /// <summary>Describes what is wrong.</summary>
    public MpiException(string message)
        : base(message)
    {
    }
}
