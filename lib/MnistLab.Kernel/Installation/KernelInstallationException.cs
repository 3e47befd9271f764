namespace MnistLab.Kernel.Installation;

/// <summary>
/// The exception that is thrown when a kernel cannot be installed or removed. The message contains the reason and the
/// next step.
/// </summary>
public sealed class KernelInstallationException : IOException
{
    /// <summary>Initializes an exception with a problem and its cause.</summary>
    public KernelInstallationException(string problem, Exception? cause = null)
        : base(problem, cause)
    {
    }
}
