namespace MnistLab.Kernel.Running;

/// <summary>
/// The exception that is thrown when no notebook has a parameter, or a value does not fit its parameter. The message
/// lists the available parameters or describes valid values.
/// </summary>
public sealed class NotebookParameterException : ArgumentException
{
    /// <summary>Initializes an exception with the name of a parameter and the problem.</summary>
    public NotebookParameterException(string name, string problem)
        : base(problem) => Name = name;

    /// <summary>Gets the name of the parameter, as it was given.</summary>
    public string Name { get; }
}
