namespace MnistLab.Training.Workers;

/// <summary>
/// The exception that is thrown when training on several workers is not possible; the message states what is missing or
/// which worker differs, and the remedy.
/// </summary>
public sealed class MpiException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="MpiException"/> class.</summary>
    public MpiException(string message)
        : base(message)
    {
    }
}
