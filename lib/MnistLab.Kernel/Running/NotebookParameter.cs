namespace MnistLab.Kernel;

/// <summary>A variable of the cell tagged <c>parameters</c>, which a run may set.</summary>
/// <param name="Name">The variable's name.</param>
/// <param name="Type">Its type, as in C#.</param>
/// <param name="Default">The expression that gives it its value when the run does not.</param>
public sealed record NotebookParameter(string Name, string Type, string Default)
{
    /// <summary>As in <c>int epochs = 3</c>.</summary>
    public override string ToString() => $"{Type} {Name} = {Default}";
}
