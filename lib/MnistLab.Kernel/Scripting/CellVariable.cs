namespace MnistLab.Kernel.Scripting;

/// <summary>Represents a variable of a session.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The declared type.</param>
/// <param name="Value">The current value.</param>
internal sealed record CellVariable(string Name, Type Type, object? Value);
