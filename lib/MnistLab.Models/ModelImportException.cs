namespace MnistLab.Models;

/// <summary>A model package cannot be used; the message says which file is wrong, how, and what to do.</summary>
public sealed class ModelImportException : Exception
{
    /// <summary>Describes a fault.</summary>
    public ModelImportException(ModelImportError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>What kind of fault it is.</summary>
    public ModelImportError Error { get; }
}
