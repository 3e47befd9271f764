namespace MnistLab.Serving.Instances;

/// <summary>
/// The exception that is thrown when a service cannot be deployed or stopped. The message says why, and includes the
/// last lines of the service's log if there are any.
/// </summary>
public sealed class DeploymentException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="DeploymentException"/> class.</summary>
    public DeploymentException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Gets the name of the invalid setting: <c>Name</c>, or a property of the service's configuration; null if the
    /// error does not concern a single setting.
    /// </summary>
    public string? Field { get; init; }
}
