namespace MnistLab.Kernel;

/// <summary>A connection file that the kernel cannot use; the message names the file and what is wrong with it.</summary>
public sealed class ConnectionFileException : IOException
{
    /// <summary>Describes what is wrong.</summary>
    public ConnectionFileException(string file, string problem, Exception? cause = null)
        : base($"The connection file {file} cannot be used: {problem}. A Jupyter front end writes that file and starts the kernel with it.", cause)
    {
    }
}
