namespace MnistLab.Studio.Console.Services;

/// <summary>Represents a model version in the form of a deployment.</summary>
/// <param name="model">The version, such as <c>digits:0.0.1</c>; empty if none is chosen yet.</param>
/// <param name="weight">The share of the requests, in percent.</param>
internal sealed class WeightRow(string model, string weight)
{
    /// <summary>Gets the identity of the row, regardless of its content.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Gets or sets the version, such as <c>digits:0.0.1</c>.</summary>
    public string Model { get; set; } = model;

    /// <summary>Gets or sets the share of the requests, in percent.</summary>
    public string Weight { get; set; } = weight;
}
