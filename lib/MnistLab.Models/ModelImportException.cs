namespace MnistLab.Models;

/// <summary>
/// The exception that is thrown when a model package cannot be used. The message names the file, the problem, and the
/// next step.
/// </summary>
public sealed class ModelImportException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="ModelImportException"/> class.</summary>
    public ModelImportException(ModelImportError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Gets the kind of error.</summary>
    public ModelImportError Error { get; }
}
