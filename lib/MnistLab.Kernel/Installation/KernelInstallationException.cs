namespace MnistLab.Kernel;

/// <summary>A kernel that cannot be installed or removed; the message says why, and what to do.</summary>
public sealed class KernelInstallationException : IOException
{
    /// <summary>Describes what is wrong.</summary>
    public KernelInstallationException(string problem, Exception? cause = null)
        : base(problem, cause)
    {
    }
}
