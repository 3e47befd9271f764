namespace MnistLab.Kernel.Running;

/// <summary>Represents a variable of the cell tagged <c>parameters</c>, which a run may set.</summary>
/// <param name="Name">The name of the variable.</param>
/// <param name="Type">The type of the variable, as in C#.</param>
/// <param name="Default">The expression of the default value.</param>
public sealed record NotebookParameter(string Name, string Type, string Default)
{
    /// <summary>Returns the declaration, such as <c>int epochs = 3</c>.</summary>
    public override string ToString() => $"{Type} {Name} = {Default}";
}
