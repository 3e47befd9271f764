namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// The exception that is thrown when the kernel cannot use a connection file. The message contains the file and the
/// problem.
/// </summary>
public sealed class ConnectionFileException : IOException
{
    /// <summary>Initializes an exception with a file, a problem, and its cause.</summary>
    public ConnectionFileException(string file, string problem, Exception? cause = null)
        : base(
            $"The connection file {file} cannot be used: {problem}. A Jupyter front end writes that file and starts the kernel with it.",
            cause)
    {
    }
}
