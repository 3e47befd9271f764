namespace MnistLab.Kernel;

/// <summary>A parameter that no notebook has, or a value that does not fit its parameter; the message lists the parameters that there are.</summary>
public sealed class NotebookParameterException : ArgumentException
{
    /// <summary>Tells what is wrong with the parameter of this name.</summary>
    public NotebookParameterException(string name, string problem)
        : base(problem) => Name = name;

    /// <summary>The parameter in question, as it was named.</summary>
    public string Name { get; }
}
