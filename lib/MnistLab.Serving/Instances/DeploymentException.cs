namespace MnistLab.Serving.Instances;

/// <summary>
/// A service cannot be deployed or stopped; the message says why, with the last lines of the service's log where it
/// has any.
/// </summary>
public sealed class DeploymentException : Exception
{
    /// <summary>Describes a failure.</summary>
    public DeploymentException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Gets what is not valid: <c>Name</c>, or the property of the service's configuration; null if the error is not
    /// about one of them.
    /// </summary>
    public string? Field { get; init; }
}
