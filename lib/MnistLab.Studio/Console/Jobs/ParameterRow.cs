using MnistLab.Training;

namespace MnistLab.Studio.Console.Jobs;

/// <summary>A parameter of the boot file in the form of a job.</summary>
/// <param name="name">Its name; empty for one that is not chosen yet.</param>
/// <param name="value">Its value; empty for the default.</param>
public sealed class ParameterRow(string name = "", string value = "")
{
    /// <summary>Gets what tells the row from others, whatever is typed into it.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Gets or sets the parameter's name.</summary>
    public string Name { get; set; } = name;

    /// <summary>Gets or sets the value.</summary>
    public string Value { get; set; } = value;

    /// <summary>Gets whether nothing was filled in.</summary>
    public bool IsEmpty => Name.Length == 0 && Value.Length == 0;

    /// <summary>Gets the name of the field, as the errors of the library have it.</summary>
    public string Field => $"parameter {Name.Trim()}";

    /// <summary>Gets what the value must be; null for a parameter that only the boot file knows.</summary>
    public string? Requirement => TrainingSettings.RequirementOf(Name.Trim());

    /// <summary>Gets the values to choose from; none if they cannot be listed.</summary>
    public IReadOnlyList<string> Choices => TrainingSettings.ChoicesOf(Name.Trim());

    /// <summary>Gets whether other values than the choices are possible: a boot file may define models.</summary>
    public bool IsOpen => Name.Trim() == TrainingSettings.ModelParameter;
}
