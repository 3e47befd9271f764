using System.Text.Json.Serialization;
using MnistLab.Models.Registry;

namespace MnistLab.Serving.Instances;

/// <summary>Represents a model version for a service to serve.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version of the model.</param>
/// <param name="Weight">The version's share of the requests in percent, 0 to 100; the weights of a service sum to
/// 100.</param>
/// <param name="PackageFolder">The folder of the model package on this machine.</param>
/// <param name="Location">The location of the version in the registry: a prefix in the object store.</param>
internal sealed record ServedVersion(
    [property: JsonRequired] string Model,
    [property: JsonRequired] ModelVersion Version,
    [property: JsonRequired] int Weight,
    [property: JsonRequired] string PackageFolder,
    [property: JsonRequired] string Location)
{
    public override string ToString() => FormattableString.Invariant($"{Model} {Version} ({Weight}%)");
}
