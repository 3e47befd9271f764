using System.Text.Json.Serialization;

namespace MnistLab.Models.Registry;

/// <summary>Specifies the status of a model in the registry; the names are those of the ModelArts API.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelStatus>))]
public enum ModelStatus
{
    /// <summary>The package is being downloaded or uploaded.</summary>
    [JsonStringEnumMemberName("publishing")]
    Publishing,

    /// <summary>The model can be deployed. The ModelArts console calls this status <i>Normal</i>.</summary>
    [JsonStringEnumMemberName("published")]
    Published,

    /// <summary>The model cannot be used; the reason is recorded.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>
    /// The package is being validated: its inference code is compiled, and a trial prediction is made.
    /// </summary>
    [JsonStringEnumMemberName("building")]
    Building,

    /// <summary>The inference code does not compile, or has no usable class; the reason is recorded.</summary>
    [JsonStringEnumMemberName("building_failed")]
    BuildingFailed,
}
