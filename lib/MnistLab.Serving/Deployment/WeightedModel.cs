using MnistLab.Models.Registry;

namespace MnistLab.Serving.Deployment;

/// <summary>Represents a model version and its share of a service's requests.</summary>
/// <param name="Model">The model version, which must be published.</param>
/// <param name="Weight">The share in percent, 0 to 100.</param>
public sealed record WeightedModel(RegisteredModel Model, int Weight);
