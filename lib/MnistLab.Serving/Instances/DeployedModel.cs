using System.Text.Json.Serialization;
using MnistLab.Models.Registry;

namespace MnistLab.Serving.Instances;

/// <summary>Represents a model version that a service serves.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version of the model.</param>
/// <param name="Weight">The version's share of the requests, in percent.</param>
/// <param name="Location">The location of the version in the registry: a prefix in the object store.</param>
public sealed record DeployedModel(
    [property: JsonRequired] string Name,
    [property: JsonRequired] ModelVersion Version,
    [property: JsonRequired] int Weight,
    [property: JsonRequired] string Location)
{
    /// <summary>Returns a readable description with the name, version, and weight.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} {Version} ({Weight}%)");
}
