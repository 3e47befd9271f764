using System.Text.Json.Serialization;
using MnistLab.Models.Registry;

namespace MnistLab.Serving.Instances;

/// <summary>A model version that a service answers with.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Weight">Its share of the requests, in percent.</param>
/// <param name="Location">Where the registry keeps it: a prefix in the object store.</param>
public sealed record DeployedModel(
    [property: JsonRequired] string Name,
    [property: JsonRequired] ModelVersion Version,
    [property: JsonRequired] int Weight,
    [property: JsonRequired] string Location)
{
    /// <summary>The version and its weight, for people to read.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} {Version} ({Weight} %)");
}
