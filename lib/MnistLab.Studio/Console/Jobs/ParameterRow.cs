using MnistLab.Training;

namespace MnistLab.Studio.Console.Jobs;

/// <summary>Represents a parameter of the boot file in the form of a job.</summary>
/// <param name="name">The name; empty if none is chosen yet.</param>
/// <param name="value">The value; empty for the default.</param>
public sealed class ParameterRow(string name = "", string value = "")
{
    /// <summary>Gets the identity of the row, regardless of its content.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Gets or sets the name of the parameter.</summary>
    public string Name { get; set; } = name;

    /// <summary>Gets or sets the value.</summary>
    public string Value { get; set; } = value;

    /// <summary>Gets whether neither the name nor the value is filled in.</summary>
    public bool IsEmpty => Name.Length == 0 && Value.Length == 0;

    /// <summary>Gets the name of the field, as in the errors of the library.</summary>
    public string Field => $"parameter {Name.Trim()}";

    /// <summary>Gets the requirement for the value; null for a parameter that only the boot file knows.</summary>
    public string? Requirement => TrainingSettings.RequirementOf(Name.Trim());

    /// <summary>Gets the values to choose from; empty if they cannot be listed.</summary>
    public IReadOnlyList<string> Choices => TrainingSettings.ChoicesOf(Name.Trim());

    /// <summary>
    /// Gets whether values other than the choices are possible, because a boot file may define models.
    /// </summary>
    public bool IsOpen => Name.Trim() == TrainingSettings.ModelParameter;
}
