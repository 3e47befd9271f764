namespace MnistLab.Serving.Foreground;

/// <summary>
/// The exception that is thrown when a service cannot be started as configured; the message names the option or
/// variable, its value, and the next step.
/// </summary>
internal sealed class ServiceConfigurationException(
    string message, Exception? innerException = null, int exitCode = ServiceExitCode.InvalidConfiguration)
    : Exception(message, innerException)
{
    /// <summary>Gets the exit code of the program.</summary>
    public int ExitCode => exitCode;
}
