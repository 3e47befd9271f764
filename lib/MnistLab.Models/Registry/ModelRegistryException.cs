namespace MnistLab.Models.Registry;

/// <summary>The registry refuses: the model is not there, its version is taken, or it is deployed; the message says which, and what to do.</summary>
public sealed class ModelRegistryException : Exception
{
    /// <summary>Describes a refusal.</summary>
    public ModelRegistryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
