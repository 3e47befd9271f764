using System.Text.Json.Serialization;

namespace MnistLab.Serving;

/// <summary>What a service is started with.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The model's version.</param>
/// <param name="PackageFolder">The folder of the model package.</param>
/// <param name="Port">The port on the loopback interface; 0 for any that is free.</param>
/// <param name="ControlKey">The secret that a request to stop has to carry.</param>
internal sealed record RunSettings(
    [property: JsonRequired] string Service,
    [property: JsonRequired] string Model,
    [property: JsonRequired] string Version,
    [property: JsonRequired] string PackageFolder,
    [property: JsonRequired] int Port,
    [property: JsonRequired] string ControlKey);
