namespace MnistLab.Models.Registry;

/// <summary>
/// The exception that is thrown when the registry rejects an operation, for example because a model does not exist, its
/// version already exists, or it is deployed. The message says why, and what to do.
/// </summary>
public sealed class ModelRegistryException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="ModelRegistryException"/> class.</summary>
    public ModelRegistryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
