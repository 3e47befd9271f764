using System.Text.Json.Serialization;
using MnistLab.Models.Registry;

namespace MnistLab.Serving.Instances;

/// <summary>One model version that a service is to answer with.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Weight">Its share of the requests in percent, 0 to 100; the weights of a service sum to 100.</param>
/// <param name="PackageFolder">The folder of its package on this machine.</param>
/// <param name="Location">Where the registry keeps it: a prefix in the object store.</param>
internal sealed record ServedVersion(
    [property: JsonRequired] string Model,
    [property: JsonRequired] ModelVersion Version,
    [property: JsonRequired] int Weight,
    [property: JsonRequired] string PackageFolder,
    [property: JsonRequired] string Location)
{
    public override string ToString() => FormattableString.Invariant($"{Model} {Version} ({Weight} %)");
}
